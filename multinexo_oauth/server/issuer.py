from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse

from ..conf import conf


def base_path() -> str:
    """Return the path that the app's endpoints stand under, without a trailing slash."""
    return reverse("multinexo_oauth:authorize").removesuffix("/authorize/")


def issuer(request: HttpRequest) -> str:
    """Return the authorization server's identifier (RFC 8414 section 2), without a trailing slash.

    It is the setting's; a site under DEBUG may leave it out and gets the request's own host.
    """
    return conf.issuer or f"{request.scheme}://{request.get_host()}{base_path()}"


def endpoint_url(request: HttpRequest, name: str, *args: str) -> str:
    """Return the public address of one of the app's endpoints or pages, under the issuer."""
    return issuer(request) + _path(name, *args)


def server_metadata_url(request: HttpRequest) -> str:
    """Return the address of the server's metadata, which is at the root of its host (RFC 8414 section 3.1)."""
    known = urlsplit(issuer(request))
    return f"{known.scheme}://{known.netloc}/.well-known/oauth-authorization-server{known.path}"


def public_url(name: str, *args: str) -> str:
    """Return what `endpoint_url` does where there is no request; empty where the site's setting names no issuer."""
    return conf.issuer + _path(name, *args) if conf.issuer else ""


def _path(name: str, *args: str) -> str:
    return reverse(f"multinexo_oauth:{name}", args=args).removeprefix(base_path())
