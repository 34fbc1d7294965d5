"""Whether the site's Content-Security-Policy lets people go on to an application from the login page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
DJANGO_CSP = "csp.middleware.CSPMiddleware"


@register(Tags.security)
def check_form_action(**kwargs: Any) -> list[CheckMessage]:
    """W011: The site's Content-Security-Policy, in Django's or django-csp's settings, has `form-action` with `'self'`
    alone, which blocks the redirect from the login page to an application.

    Leave `form-action` out on that page, or allow the applications' URLs there; see [above](#signing-in-again).
    """
    return [
        checks.Warning(
            f"{place} lets forms lead to this site alone: browsers hold that against every redirect after the login"
            " page, so who has authorized an application before does not come back to it.",
            hint="Take form-action out for the page at LOGIN_URL, or allow there where applications are, such as with"
            " https: and http://127.0.0.1:*.",
            id="multinexo_oauth.W011",
        )
        for place, sources in _policies()
        if sources and all(source.startswith("'") for source in sources)
    ]


def _policies() -> Iterator[tuple[str, list[str]]]:
    """Give the sources of `form-action`, and where they are set: by Django 6, by django-csp 4 and by django-csp 3."""
    if DJANGO in settings.MIDDLEWARE:
        policy = _mapping(getattr(settings, "SECURE_CSP", None))
        yield "SECURE_CSP['form-action']", _sources(policy.get("form-action"))
    if DJANGO_CSP in settings.MIDDLEWARE:
        policy = _mapping(getattr(settings, "CONTENT_SECURITY_POLICY", None))
        directives = _mapping(policy.get("DIRECTIVES"))
        yield "CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']", _sources(directives.get("form-action"))
        yield "CSP_FORM_ACTION", _sources(getattr(settings, "CSP_FORM_ACTION", None))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sources(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(source) for source in value] if isinstance(value, list | tuple | set | frozenset) else []
