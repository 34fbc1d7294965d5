"""Checks for misspelled names and wrong values in `MULTINEXO_OAUTH`."""

from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from ..conf import Conf

TABLE = Conf.table()


@register(Tags.compatibility)
def check_names(**kwargs: Any) -> list[CheckMessage]:
    """E017: A key of `MULTINEXO_OAUTH` is none of this app's settings, so that it has no effect.

    Correct its name; the hint has the most similar one.
    """
    return [
        Error(
            f"MULTINEXO_OAUTH has {name!r}, which is no setting of this app's.",
            hint=_nearest(str(name)),
            id="multinexo_oauth.E017",
        )
        for name in _site()
        if name not in TABLE
    ]


def _nearest(name: str) -> str:
    found = get_close_matches(name.upper(), TABLE, n=1)
    return f"Did you mean {found[0]}?" if found else f"Take it out; there are {', '.join(sorted(TABLE))}."


@register(Tags.compatibility)
def check_values(**kwargs: Any) -> list[CheckMessage]:
    """E018: A value has another type than [the table](#multinexo_oauth) declares, such as the text `"False"` for
    `False`.

    Use what the hint says.

    E007: `REGISTRATION` has none of its three values.

    Use one of them.
    """
    return [
        Error(
            f"MULTINEXO_OAUTH[{setting.name!r}] is {setting.shown(value)}.",
            hint=f"Use {setting.wanted}.",
            id=f"multinexo_oauth.{setting.check}",
        )
        for name, value in _site().items()
        if (setting := TABLE.get(name)) and setting.check in {"E007", "E018"} and not setting.takes(value)
    ]


@register(Tags.compatibility)
def check_claims(**kwargs: Any) -> list[CheckMessage]:
    """W013: `CLAIMS` is set without `CLAIMS_SUPPORTED`, so discovery does not name the claims that it adds.

    List their names, or `[]` where it adds none.
    """
    if not _site().get("CLAIMS") or "CLAIMS_SUPPORTED" in _site():
        return []
    return [
        checks.Warning(
            "MULTINEXO_OAUTH has CLAIMS and no CLAIMS_SUPPORTED: discovery does not name what the function adds.",
            hint="List the names of the claims that it adds, or [] where it adds none.",
            id="multinexo_oauth.W013",
        )
    ]


def _site() -> dict[str, Any]:
    values: dict[str, Any] = getattr(settings, "MULTINEXO_OAUTH", {})
    return values
