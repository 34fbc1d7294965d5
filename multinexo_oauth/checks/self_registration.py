"""Clients that register themselves: whether, and what they may ask for."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from ..conf import conf
from ..scopes import catalogue, expand

DYNAMIC_REGISTRATION = (False, "open", "token")


@register(Tags.security)
def check_dynamic_registration(**kwargs: Any) -> list[CheckMessage]:
    """E012: the setting that lets clients register themselves is one of the three, and its token can be had."""
    if conf.dynamic_registration not in DYNAMIC_REGISTRATION:
        problem = f"MULTINEXO_OAUTH['DYNAMIC_REGISTRATION'] is {conf.dynamic_registration!r}"
        hint = 'Use False, "open" or "token".'
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
    """E013: clients that register themselves may ask for something, and for nothing that does not exist or spreads."""
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
        if name not in catalogue():
            yield f"has {name!r}, which is not in the catalogue"
        elif conf.registration_token_scope in expand([name]):
            yield f"has {name!r}: clients that register themselves could register others"
