"""What an application that asks for `profile` or `email` is told of a person (OpenID Connect Core section 5.4)."""

from collections.abc import Collection
from typing import Any

from .. import people
from ..conf import conf

OF_SCOPE = {
    "profile": ("name", "given_name", "family_name", "preferred_username"),
    "email": ("email",),
}

# What an ID token alone says, and of itself (OpenID Connect Core sections 2 and 3.1.3.6): no site says it.
OF_THE_PROTOCOL = frozenset({"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash"})


def of(user: Any, scopes: Collection[str]) -> dict[str, Any]:
    """Return the claims that the scopes give, without the empty ones; the site's own come from its CLAIMS."""
    known = {
        "name": people.full_name(user),
        "given_name": getattr(user, "first_name", ""),
        "family_name": getattr(user, "last_name", ""),
        "preferred_username": user.get_username(),
        "email": people.email(user),
    }
    told = {name: known[name] for scope in OF_SCOPE if scope in scopes for name in OF_SCOPE[scope]}
    added = conf.claims(user, frozenset(scopes))
    return {name: value for name, value in told.items() if value} | {
        name: value for name, value in added.items() if name not in OF_THE_PROTOCOL
    }


def subject(user: Any) -> str:
    """Return the identifier that a person has for every application and keeps."""
    return str(user.pk)
