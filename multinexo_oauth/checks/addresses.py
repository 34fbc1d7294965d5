"""Checks that the URLs to which the app sends people and programs exist."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.urls import NoReverseMatch, Resolver404, reverse

from .. import login_page
from ..conf import conf
from ..server.issuer import base_path

MOUNT = 'Add path("", include(well_known)) and path("auth/v1/", include("multinexo_oauth.urls")) to the root URLconf.'


@register(Tags.urls)
def check_mounted(**kwargs: Any) -> list[CheckMessage]:
    """W007: `multinexo_oauth.urls` or `well_known` is not included in `ROOT_URLCONF`, or the path of `ISSUER` is not
    that of the included URLs, so that clients are given URLs that do not exist.

    Include both, and make the paths equal. Where a proxy rewrites paths, silence the check.
    """
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    try:
        base = base_path()
        reverse("multinexo_oauth_well_known:authorization-server")
    except NoReverseMatch as missing:
        which = "well_known" if "multinexo_oauth_well_known" in str(missing) else "multinexo_oauth.urls"
        return [_unmounted(f"The root URLconf does not include {which}.", MOUNT)]
    # A server that mounts Django under a path puts that path in front.
    if conf.issuer is None or urlsplit(conf.issuer).path.endswith(base):
        return []
    return [
        _unmounted(
            f"MULTINEXO_OAUTH['ISSUER'] is {conf.issuer!r}, but multinexo_oauth.urls is included at {base}/:"
            " clients are told addresses that lead nowhere.",
            "Make the path of the one that of the other.",
        )
    ]


def _unmounted(problem: str, hint: str) -> CheckMessage:
    return checks.Warning(problem, hint=hint, id="multinexo_oauth.W007")


@register(Tags.urls)
def check_login(**kwargs: Any) -> list[CheckMessage]:
    """W008: There is no page at `LOGIN_URL`.

    Make one, or set `LOGIN_URL` to yours. Where another program serves it, silence the check.
    """
    if not getattr(settings, "ROOT_URLCONF", None) or _has_login_page():
        return []
    return [
        checks.Warning(
            f"LOGIN_URL is {str(settings.LOGIN_URL)!r}, where the root URLconf has no page to sign in at.",
            hint='Include "django.contrib.auth.urls", or set LOGIN_URL to the name or path of your own page.',
            id="multinexo_oauth.W008",
        )
    ]


def _has_login_page() -> bool:
    try:
        login_page.match()
    except (NoReverseMatch, Resolver404):
        return False
    return True
