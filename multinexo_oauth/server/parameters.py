"""Checks of a request's parameters before anything is looked up (RFC 6749 sections 3.1 and 3.2)."""

from collections.abc import Collection

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from .request_body import check_charset

FORM = "application/x-www-form-urlencoded"
MAX_LENGTH = 8000
UNREADABLE_BODY = (BadRequest, SuspiciousOperation, OSError)
# RFC 8707 section 2 lets a client name several resources.
REPEATABLE = frozenset({"resource"})


def repeated(params: QueryDict) -> list[str]:
    """Return the names that are repeated and must not be."""
    return [name for name, values in params.lists() if len(values) > 1 and name not in REPEATABLE]


def check(params: QueryDict) -> None:
    """Raise InvalidRequestError for a repeated, over-long or unreadable parameter."""
    if again := repeated(params):
        raise InvalidRequestError(description=f"Repeated parameter: {_shown(again)}.")
    unreadable = [name for name, values in params.lists() if any(map(_is_unreadable, (name, *values)))]
    if unreadable:
        raise InvalidRequestError(description=f"Unreadable or over-long parameter: {_shown(unreadable)}.")


def meant(params: QueryDict) -> QueryDict:
    """Return the parameters as RFC 6749 reads them.

    One without a value counts as left out (sections 3.1 and 3.2), and a scope that is repeated is one (section 3.3).
    """
    kept = QueryDict(mutable=True)
    for name, values in params.lists():
        given = [" ".join(dict.fromkeys(text.split())) for text in values] if name == "scope" else values
        if any(given):
            kept.setlist(name, given)
    return kept


def form(request: HttpRequest) -> QueryDict:
    """Return the parameters of a form that a client posted.

    Raises InvalidRequestError where it is of another media type, malformed, or joined by a query string.
    """
    if request.content_type != FORM:
        raise InvalidRequestError(description=f"Send the parameters as {FORM}.")
    if request.META.get("QUERY_STRING"):
        raise InvalidRequestError(description="Send the parameters in the body, not in the query string.")
    check_charset(request)
    try:
        params = request.POST
    except UNREADABLE_BODY as error:
        raise InvalidRequestError(description="The body is malformed.") from error
    check(params)
    return meant(params)


def _is_unreadable(text: str) -> bool:
    # NUL is in no OAuth parameter's grammar (RFC 6749 appendix A), and PostgreSQL refuses it with an error.
    return len(text) > MAX_LENGTH or "\x00" in text


def _shown(names: Collection[str]) -> str:
    """Return names that may stand in an error description (RFC 6749 section 5.2 has no quotes, no other alphabets)."""
    return ", ".join(name if name.isascii() and name.isidentifier() else "unnamed" for name in names)[:200]
