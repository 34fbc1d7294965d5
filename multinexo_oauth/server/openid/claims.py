"""The claims that the scopes `profile` and `email` give (OpenID Connect Core section 5.4)."""

from collections.abc import Collection
from typing import Any

from ... import people, verified_emails
from ...policy import Policy, policy

OF_SCOPE = {
    "profile": ("name", "given_name", "family_name", "preferred_username"),
    "email": ("email", "email_verified"),
}

# Claims of the ID token itself (OpenID Connect Core sections 2 and 3.1.3.6), which no site may set.
OF_THE_PROTOCOL = frozenset({"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash"})


def claims_of(user: Any, scopes: Collection[str]) -> dict[str, Any]:
    """Return the claims that the scopes give, without the empty ones; the site's own come from its policy."""
    email = people.email(user)
    known = {
        "name": people.full_name(user),
        "given_name": getattr(user, "first_name", ""),
        "family_name": getattr(user, "last_name", ""),
        "preferred_username": user.get_username(),
        "email": email,
        "email_verified": policy().email_verified(user, email) if email and "email" in scopes else None,
    }
    told = {name: known[name] for scope in OF_SCOPE if scope in scopes for name in OF_SCOPE[scope]}
    added = policy().claims(user, frozenset(scopes))
    if added.get("email", email) != email:
        del told["email_verified"]  # it describes the address that the site's claim replaces
    return {name: value for name, value in told.items() if value not in {"", None}} | {
        name: value for name, value in added.items() if name not in OF_THE_PROTOCOL
    }


def supported_claims(scopes: Collection[str]) -> list[str]:
    """Return the names of the claims that the scopes give, with those that the site adds."""
    told = [name for scope in OF_SCOPE if scope in scopes for name in OF_SCOPE[scope]]
    known = [name for name in told if name != "email_verified" or _knows_verified_emails()]
    return list(dict.fromkeys([*known, *policy().claims_supported()]))


def _knows_verified_emails() -> bool:
    """Tell whether the site can know whether an address is verified; its policy may."""
    return verified_emails.are_known() or type(policy()).email_verified is not Policy.email_verified


def subject(user: Any) -> str:
    """Return the person's `sub`, which is the same for every application and never changes."""
    return policy().subject(user)
