"""Which API a token is for (RFC 8707): resources that a client names, and whether an address is one of them."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ..conf import conf
from .issuer import issuer

MAX_RESOURCES = 10


class InvalidTarget(OAuth2Error):
    """The resource is unknown, malformed or more than was granted (RFC 8707 section 2)."""

    error = "invalid_target"


def own(request: HttpRequest) -> str:
    """Return the identifier of the site's API: the root of the issuer's host."""
    parts = urlsplit(issuer(request))
    return f"{parts.scheme}://{parts.netloc}"


def requested(params: QueryDict, request: HttpRequest) -> list[str]:
    """Return the resources that a client names, each of which is known. Raises InvalidTarget."""
    names = list(dict.fromkeys(params.getlist("resource")))
    if not names:
        return []
    if len(names) > MAX_RESOURCES:
        raise InvalidTarget(description=f"At most {MAX_RESOURCES} resources.")
    if not covered(names, [own(request), *conf.resources]):
        raise InvalidTarget(description="This server gives no tokens for that resource.")
    return names


def narrowed(names: list[str], granted: list[str]) -> list[str]:
    """Return what an access token is for: of what was granted, all or what the client asks. Raises InvalidTarget.

    A grant that names no resource is for all of them.
    """
    if granted and not covered(names, granted):
        raise InvalidTarget(description="The grant is not for that resource.")
    return names or granted


def covered(names: Iterable[str], resources: Iterable[str]) -> bool:
    """Tell whether each of the names is one of the resources or lies beneath one."""
    return all(any(_lies_in(name, resource) for resource in resources) for name in names)


def is_identifier(name: str) -> bool:
    """Tell whether a text may name a resource: an absolute URL with a host, without query and fragment."""
    try:
        parts = urlsplit(name)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not {"?", "#"} & set(name)


def _lies_in(name: str, resource: str) -> bool:
    """Compare as RFC 8707 section 2 has resources: absolute, without a fragment; a path ends where a segment does."""
    try:
        inner, outer = urlsplit(name), urlsplit(resource)
    except ValueError:
        return False
    if "#" in name or (inner.scheme, inner.netloc.lower()) != (outer.scheme, outer.netloc.lower()):
        return False
    segments, base = inner.path.split("/"), outer.path.rstrip("/").split("/")
    return segments[: len(base)] == base and not {".", ".."} & set(segments)
