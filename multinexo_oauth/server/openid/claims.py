"""What an application that asks for `profile` or `email` is told of a person (OpenID Connect Core section 5.4)."""

from collections.abc import Collection
from typing import Any

from ... import people
from ...conf import conf
from .email_verified import email_verified_of, knows_verified_emails

OF_SCOPE = {
    "profile": ("name", "given_name", "family_name", "preferred_username"),
    "email": ("email", "email_verified"),
}

# What an ID token alone says, and of itself (OpenID Connect Core sections 2 and 3.1.3.6): no site says it.
OF_THE_PROTOCOL = frozenset({"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash"})


def of(user: Any, scopes: Collection[str]) -> dict[str, Any]:
    """Return the claims that the scopes give, without the empty ones; the site's own come from its CLAIMS."""
    email = people.email(user)
    known = {
        "name": people.full_name(user),
        "given_name": getattr(user, "first_name", ""),
        "family_name": getattr(user, "last_name", ""),
        "preferred_username": user.get_username(),
        "email": email,
        "email_verified": email_verified_of(user, email) if email and "email" in scopes else None,
    }
    told = {name: known[name] for scope in OF_SCOPE if scope in scopes for name in OF_SCOPE[scope]}
    added = conf.claims(user, frozenset(scopes)) if conf.claims else {}
    if added.get("email", email) != email:
        del told["email_verified"]  # it is of the address that the site's own replaces
    return {name: value for name, value in told.items() if value not in {"", None}} | {
        name: value for name, value in added.items() if name not in OF_THE_PROTOCOL
    }


def supported(scopes: Collection[str]) -> list[str]:
    """Return the names of what anybody may be told who has the scopes; the site says which ones its CLAIMS adds."""
    told = [name for scope in OF_SCOPE if scope in scopes for name in OF_SCOPE[scope]]
    known = [name for name in told if name != "email_verified" or knows_verified_emails()]
    return list(dict.fromkeys([*known, *conf.claims_supported]))


def subject(user: Any) -> str:
    """Return the identifier that a person has for every application and keeps."""
    return str(user.pk)
