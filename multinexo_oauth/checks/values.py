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
    """E017: every key of the setting is one that the app reads."""
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
    """E018 and E007: values have the type that the table declares. The text "False", for example, would count as
    true.
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
    """W013: CLAIMS_SUPPORTED names the claims that CLAIMS adds, so that discovery lists them."""
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
