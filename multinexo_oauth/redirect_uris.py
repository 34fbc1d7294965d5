"""Which redirect URIs may be registered, and which requested one matches a registered one."""

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.utils.translation import gettext as _

from .conf import conf

LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "::1"})
LOCAL_HOSTS = LOOPBACK_ADDRESSES | {"localhost"}
# What RFC 3986 lets stand in a URI; the asterisk is left out, for no registered URI is a pattern.
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()+,;=%]+")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+\-]*(\.[a-z0-9+\-]+)+")
_LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
# Stricter than urlsplit, which accepts hosts in brackets that browsers read differently.
_AUTHORITY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-f:.]+\])(?::[0-9]+)?", re.IGNORECASE)
_LOOPBACK_PORT = re.compile(r"\A(http://(?:127\.0\.0\.1|\[::1\]|localhost)):[0-9]+")
MAX_LENGTH = 2000
# What the answer adds to the query; a registered parameter of the same name would stand beside it.
_ANSWERS = frozenset({"code", "state", "iss", "error", "error_description"})


def split(uri: str) -> SplitResult | None:
    """Return the URI's parts, or None where it cannot be read as one."""
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - reading the port is what checks it
    except ValueError:
        return None
    return parts


def is_loopback(uri: str, *, localhost: bool = False) -> bool:
    """Tell whether the URI is http on a loopback IP literal (RFC 8252 section 7.3); `localhost` may count as one."""
    parts = split(uri)
    hosts = LOCAL_HOSTS if localhost else LOOPBACK_ADDRESSES
    return parts is not None and parts.scheme == "http" and parts.hostname in hosts


def is_private_use(uri: str) -> bool:
    """Tell whether the URI's scheme is an application's own (RFC 8252 section 7.1).

    That is a reversed domain name, or a scheme that the site's SELF_REGISTERED_SCHEMES lists.
    """
    return _is_reversed_domain(uri) or _is_listed(uri)


def _is_reversed_domain(uri: str) -> bool:
    return _PRIVATE_SCHEME.fullmatch(uri.partition(":")[0]) is not None


def _is_listed(uri: str) -> bool:
    return uri.partition(":")[0] in conf.self_registered_schemes


def is_this_device(uri: str) -> bool:
    """Tell whether the URI leads to a program on the person's own device."""
    parts = split(uri)
    return is_private_use(uri) or (parts is not None and parts.hostname in LOCAL_HOSTS)


def shown_host(uri: str) -> str:
    """Return what a person should recognise of the URI: its host, or a private-use scheme."""
    parts = None if is_private_use(uri) else split(uri)
    return (parts.hostname if parts and parts.hostname else uri.partition(":")[0]) or uri


def form_action(uri: str) -> str:
    """Return the Content-Security-Policy source that lets a form's answer redirect to the URI."""
    parts = None if is_private_use(uri) else split(uri)
    if parts is None or not parts.netloc:
        return f"{uri.partition(':')[0]}:"
    if ":" in (parts.hostname or ""):
        return f"{parts.scheme}:"  # the policy's grammar has no IPv6 literals
    return f"{parts.scheme}://{parts.netloc}"


def matches(requested: str, registered: str, *, localhost: bool = False) -> bool:
    """Compare exactly (RFC 9700 section 2.1), but for the port of a loopback address (RFC 8252 section 7.3).

    With `localhost` that name is such an address too.
    """
    if requested == registered:
        return True
    both_loopback = all(is_loopback(uri, localhost=localhost) for uri in (requested, registered))
    return both_loopback and _port_free(requested) == _port_free(registered)


def _port_free(uri: str) -> str:
    return _LOOPBACK_PORT.sub(r"\1", uri)


def problems(uri: str, kind: str, *, self_registered: bool = False) -> list[str]:
    """Return everything that keeps the URI from being registered for a kind of application; empty when it is fine.

    A client that registered itself may also use the schemes of SELF_REGISTERED_SCHEMES.
    """
    if len(uri) > MAX_LENGTH:
        return [_("It is longer than %(max)d characters.") % {"max": MAX_LENGTH}]
    parts = split(uri)
    if parts is None or not parts.scheme or not _CHARACTERS.fullmatch(uri):
        return [_("It is not a complete URI without wildcards, such as https://example.com/callback.")]
    return [*_common_problems(uri, parts), *_scheme_problems(uri, parts, kind, self_registered)]


def _common_problems(uri: str, parts: SplitResult) -> list[str]:
    found = []
    if "#" in uri:
        found.append(_("It must not have a fragment (#)."))
    if "@" in parts.netloc:
        found.append(_("It must not contain a user name or password."))
    if _has_dot_segment(parts.path):
        found.append(_("Its path must not contain the segments . or .. (also written %2e)."))
    if taken := _ANSWERS.intersection(
        name for name, _value in parse_qsl(parts.query, keep_blank_values=True)
    ):
        found.append(_("Its query must not contain %(names)s.") % {"names": ", ".join(sorted(taken))})
    return found


def _has_dot_segment(path: str) -> bool:
    """Tell whether a path holds `.` or `..` (RFC 3986 section 3.3), however often a reader decodes it."""
    while (decoded := unquote(path)) != path:
        path = decoded
    return any(segment.partition(";")[0] in {".", ".."} for segment in re.split(r"[/\\]", path))


def _scheme_problems(uri: str, parts: SplitResult, kind: str, self_registered: bool) -> list[str]:
    if parts.scheme in {"http", "https"} and not _AUTHORITY.fullmatch(parts.netloc.rpartition("@")[2]):
        return [_("Its host name is not valid.")]
    if parts.scheme == "https":
        return []
    if parts.scheme == "http":
        return _http_problems(parts)
    if kind == "native":
        return [] if self_registered and _is_listed(uri) else _private_use_problems(uri)
    return [_("It must start with https:// (or http:// on your own machine while you develop).")]


def _http_problems(parts: SplitResult) -> list[str]:
    if parts.hostname not in LOCAL_HOSTS:
        return [_("http:// is only for your own machine, such as http://127.0.0.1/callback; use https://.")]
    return []


def _private_use_problems(uri: str) -> list[str]:
    if not _is_reversed_domain(uri):
        return [
            _(
                "Its scheme must be your domain name in reverse, with a period, such as "
                "com.example.app:/callback."
            )
        ]
    if not re.fullmatch(r"[^:]+:/(?!/).*", uri):
        return [_("One single slash follows the scheme, such as com.example.app:/callback.")]
    return []


def origin_of(uri: str) -> str | None:
    """Return the web origin of a redirect URI (RFC 6454 section 6.2), or None where it has none."""
    parts = split(uri)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, default} else "")


def origin_problems(origin: str) -> list[str]:
    """Return everything that keeps a text from being an allowed origin; empty when it is fine."""
    if origin_of(origin) != origin:
        return [_("It is not an origin, such as https://example.com: a scheme, a host and no path.")]
    return problems(origin, "spa")
