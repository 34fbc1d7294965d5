"""The scope catalogue, and the views that ask for its scopes."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from ..rest_framework.openings import Opening
from ..scopes import OFFLINE_ACCESS, Scopes, declarations, is_wildcard
from ..site_views import Operation, operations

SCOPE_KEYS = frozenset({"label", "description", "product", "sensitive", "implies"})


@register(Tags.compatibility)
def check_scope_catalogue(**kwargs: Any) -> list[CheckMessage]:
    """E003: An entry of `SCOPES`, in the settings or an app, is declared twice, has no label, has an unknown key,
    implies an unknown scope, or has a name that is no scope (RFC 6749 section 3.3) or ends in `:*`.

    Declare it once, as in the table above.
    """
    return [
        Error(
            f"{place}[{name!r}] {problem}.",
            hint='Write it as "products:read": {"label": _("See your products"), "product": _("Products")}.',
            id="multinexo_oauth.E003",
        )
        for place, name, problem in _catalogue_problems()
    ]


def _catalogue_problems() -> Iterator[tuple[str, str, str]]:
    declared: dict[str, str] = {}
    known = {name for _place, entries in declarations() for name in entries}
    for place, entries in declarations():
        for name, entry in entries.items():
            if name in declared:
                yield place, name, f"stands in {declared[name]} too, whose words are used"
            declared.setdefault(name, place)
            for problem in _entry_problems(name, entry, known):
                yield place, name, problem


def _entry_problems(name: str, entry: Any, known: set[str]) -> Iterator[str]:
    # RFC 6749 section 3.3: a scope is printable ASCII without space, quote or backslash.
    if not name or not all("!" <= character <= "~" and character not in '"\\' for character in name):
        yield "is no scope name: it has a space, a quote, a backslash or is not ASCII"
    if is_wildcard(name):
        yield "is no scope name: it would stand for every scope that begins like it"
    if not isinstance(entry, dict) or not entry.get("label"):
        yield "has no label"
        return
    if unknown := set(entry) - SCOPE_KEYS:
        yield f"has unknown keys: {', '.join(sorted(unknown))}"
    for implied in entry.get("implies", ()):
        if implied not in known:
            yield f"implies {implied!r}, which is not in the catalogue"


@register(Tags.urls)
def check_scopes_of_views(**kwargs: Any) -> list[CheckMessage]:
    """E014: A view asks for a scope that the catalogue does not have, so that no token gives access to it.

    Correct its name, or declare it.

    E015: A view does not declare what its permission class asks for.

    Declare it on the view, as in [protect-an-api.md](protect-an-api.md#permission-classes).
    """
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    known = {name for _place, entries in declarations() for name in entries} - {OFFLINE_ACCESS}
    unknown: dict[tuple[str, str], str] = {}
    problems: dict[str, None] = {}
    for operation in operations():
        if operation.problem:
            problems[f"{operation.view}: {operation.problem}"] = None
        for name in sorted(operation.scopes - known):
            unknown.setdefault((operation.view, name), operation.where)
    return [
        *(_unknown_scope(view, name, where) for (view, name), where in unknown.items()),
        *(_undeclared(problem) for problem in problems),
    ]


def _unknown_scope(view: str, name: str, where: str) -> CheckMessage:
    return Error(
        f"{view} asks for the scope {name!r} at {where}, which is not in the catalogue: no token has it.",
        hint="Correct its name, or declare it in MULTINEXO_OAUTH['SCOPES'] or in an app's oauth_scopes.py.",
        id="multinexo_oauth.E014",
    )


def _undeclared(problem: str) -> CheckMessage:
    return Error(
        problem,
        hint="Write on the view what its permission class asks for, as docs/protect-an-api.md shows.",
        id="multinexo_oauth.E015",
    )


@register(Tags.urls)
def check_open_views(**kwargs: Any) -> list[CheckMessage]:
    """W010: A view accepts tokens and allows one without any scope, because its permissions do not ask about tokens:
    `[IsAuthenticated]`, `[MayExport | IsAdminUser]`.

    Ask for a scope. Write `IsSessionAuthenticated & …` for people on the site alone, or, where any token will do,
    `IsTokenAuthenticated & …` or `required_scopes = []`. See
    [protect-an-api.md](protect-an-api.md#views-that-stay-open).
    """
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    first: dict[tuple[str, str], Operation] = {}
    for operation in operations():
        # Django REST Framework's router page lists URLs and nothing else.
        if operation.opening is Opening.UNASKED and not operation.view.startswith("rest_framework."):
            first.setdefault((operation.view, operation.permissions), operation)
    return [_open_view(operation) for operation in first.values()]


def _open_view(operation: Operation) -> CheckMessage:
    asked = " or ".join(Scopes.of(sorted(scopes)) for scopes in operation.choices if scopes)
    asks = f"asks for {asked} at {operation.where}, but takes a token without it too"
    does = asks if asked else f"takes a token at {operation.where} whatever its scopes"
    return checks.Warning(
        f"{operation.view} {does}: {operation.permissions}.",
        hint="Ask for a scope. Write `IsSessionAuthenticated & ...` for people on the site alone; where any token will"
        " do, `IsTokenAuthenticated & ...`, or `required_scopes = []` on the view.",
        id="multinexo_oauth.W010",
    )
