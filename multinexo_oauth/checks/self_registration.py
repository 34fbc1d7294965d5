"""Checks of the settings for clients that register themselves."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from ..conf import Conf, conf
from ..scopes import OFFLINE_ACCESS, catalogue, expand

# RFC 3986 section 3.1, in lower case.
SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*")
BROWSERS_OWN = frozenset(
    {"about", "blob", "chrome", "data", "file", "filesystem", "ftp", "http", "https", "intent", "javascript"}
    | {"mailto", "ms-msdt", "sms", "tel", "vbscript", "view-source", "ws", "wss"}
)


@register(Tags.security)
def check_dynamic_registration(**kwargs: Any) -> list[CheckMessage]:
    """E012: `DYNAMIC_REGISTRATION` has none of its three values, or is `"token"` without its scope in `SCOPES`.

    Use one of them; add the scope.
    """
    setting = Conf.dynamic_registration
    if not setting.takes(conf.dynamic_registration):
        problem = f"MULTINEXO_OAUTH['DYNAMIC_REGISTRATION'] is {conf.dynamic_registration!r}"
        hint = f"Use {setting.wanted}."
    elif conf.dynamic_registration == "token" and conf.registration_token_scope not in catalogue():
        problem = (
            f"MULTINEXO_OAUTH['SCOPES'] has no {conf.registration_token_scope!r}: no token registers clients"
        )
        hint = "Add it for the application that may register clients, or name another in REGISTRATION_TOKEN_SCOPE."
    else:
        return []
    return [Error(f"{problem}.", hint=hint, id="multinexo_oauth.E012")]


@register(Tags.security)
def check_self_registered_scopes(**kwargs: Any) -> list[CheckMessage]:
    """E013: `SELF_REGISTERED_SCOPES` is empty, or names a scope that does not exist or that lets clients register
    others.

    List the scopes that unverified clients may ask for.
    """
    if not conf.dynamic_registration and not conf.client_id_metadata_documents:
        return []
    return [
        Error(
            f"MULTINEXO_OAUTH['SELF_REGISTERED_SCOPES'] {problem}.",
            hint='List what clients may ask for that nobody has looked at, such as ["products:read"].',
            id="multinexo_oauth.E013",
        )
        for problem in _self_registered_scope_problems()
    ]


def _self_registered_scope_problems() -> Iterator[str]:
    if not conf.self_registered_scopes:
        yield "is empty: such clients could ask for nothing"
    for name in conf.self_registered_scopes:
        if name == OFFLINE_ACCESS:
            continue
        if name not in catalogue():
            yield f"has {name!r}, which is not in the catalogue"
        if conf.registration_token_scope in expand([name]):
            yield f"has {name!r}: clients that register themselves could register others"


@register(Tags.security)
def check_self_registered_schemes(**kwargs: Any) -> list[CheckMessage]:
    """E019: `SELF_REGISTERED_SCHEMES` has an entry that is no scheme, or a scheme that browsers handle themselves.

    List lower-case schemes of programs, such as `cursor`.
    """
    return [
        Error(
            f"MULTINEXO_OAUTH['SELF_REGISTERED_SCHEMES'] has {scheme!r}, which is no scheme of an application's own.",
            hint='List lower-case schemes that programs on people\'s devices listen to, such as ["cursor"].',
            id="multinexo_oauth.E019",
        )
        for scheme in conf.self_registered_schemes
        if not SCHEME.fullmatch(str(scheme)) or scheme in BROWSERS_OWN
    ]
