"""Locking the client, the person and the consent before something is issued."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidGrantError

from ..models import Application, Consent
from ..storage.locks import Lock
from .compiled import Compiled

# The columns that decisions about a client need; reading another one costs a query.
COLUMNS = frozenset(
    {
        "client_id",
        "kind",
        "name",
        "redirect_uris",
        "refresh_tokens_ended_through",
        "registration_source",
        "required_scopes",
        "scopes",
        "skip_authorization",
        "verified",
    }
)
_CLIENT = Compiled(
    Application,
    "id",
    among=lambda clients: clients.filter(suspended_at=None),
    only=COLUMNS,
    lock=Lock.STAYS,
)
_CONSENT = Compiled(Consent, "user", "application", lock=Lock.ALONE)


@dataclass(frozen=True)
class Held:
    """Client, person and consent, locked until the transaction ends. `consent` is None if there is none."""

    client: Application
    user: Any
    consent: Consent | None


def hold_parties(client: Application, user_id: Any, *, deciding: bool = False) -> Held:
    """Lock client, person and consent in the order of `storage.locks`. The caller has a transaction open.

    With `deciding`, the person is locked too, so that two requests cannot both create the consent.

    Raises InvalidClientError where the client was deleted or suspended, and InvalidGrantError where the person was
    deleted or deactivated.
    """
    client_now = _CLIENT.first(client.pk)
    if client_now is None:
        raise InvalidClientError(description="The client has been deleted or suspended.")
    user = _person(Lock.ALONE if deciding else Lock.SHARED).first(user_id)
    if user is None or not user.is_active:
        raise InvalidGrantError(description="The person's account is not active.")
    consent = _CONSENT.first(user_id, client.pk)
    if consent is not None:
        consent.application, consent.user = client_now, user
    return Held(client_now, user, consent)


@lru_cache
def _person(lock: Lock) -> Compiled[Any]:
    model = get_user_model()
    return Compiled(model, model._meta.pk.name, lock=lock)
