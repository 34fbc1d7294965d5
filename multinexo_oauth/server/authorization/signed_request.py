"""A validated authorization request on its way through the consent form, as one signed text."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.core import signing

from ...conf import conf
from ..clients.authentication import find_client
from .request import AuthorizationRequest

SALT = "multinexo_oauth.authorization_request"


def sign_request(
    asked_for: AuthorizationRequest, user: Any, login: str | None, query: str, shown: Iterable[str]
) -> str:
    """Return the request as a signed text that one person may post for a limited time, by one login of theirs.

    `query` is the query string it came in, which leads back to it once it has expired; `shown` are the scopes that
    the page shows as granted before.
    """
    asked = {field.name: getattr(asked_for, field.name) for field in fields(asked_for)}
    asked |= {"client": asked_for.client.client_id, "prompt": sorted(asked_for.prompt)}
    return signing.dumps(
        {
            "request": asked,
            "user": str(user.pk),
            "login": login,
            "query": query,
            "shown": list(shown),
        },
        salt=SALT,
        compress=True,
    )


@dataclass(frozen=True)
class Posted:
    """What came back with the consent form. `request` is None where it has expired or is of another person or login.

    `shown` are the scopes that the page showed as granted before.
    """

    request: AuthorizationRequest | None
    query: str
    shown: tuple[str, ...] = ()


def read_signed(value: str, user: Any, login: str | None) -> Posted | None:
    """Return what a consent form carried, or None where it was not signed here."""
    try:
        carried = signing.loads(value, salt=SALT)
    except signing.BadSignature:
        return None
    try:
        signing.loads(value, salt=SALT, max_age=conf.consent_request_seconds)
    except signing.SignatureExpired:
        return Posted(None, carried["query"])
    asked = carried["request"]
    client = find_client(asked["client"])
    if (carried["user"], carried["login"]) != (str(user.pk), login) or client is None:
        return Posted(None, carried["query"])
    asked |= {"client": client, "prompt": frozenset(asked["prompt"])}
    asked |= {name: tuple(asked[name]) for name in ("scopes", "resource")}
    request = AuthorizationRequest(**asked)
    return Posted(request if request.is_allowed else None, carried["query"], tuple(carried["shown"]))
