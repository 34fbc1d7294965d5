"""Ending permissions, in tokens and consents, that were removed from an application's allow-list.

The allow-list alone affects new requests and refreshes. Live access tokens and consents keep a permission until it is
ended here.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar, cast

from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from ..models import AccessToken, Application, Consent, Event
from ..origin import UNKNOWN, Origin
from ..scopes import Scopes, carriers, known
from ..storage.deadlock import survives_deadlocks
from .consents import remove_consent, withdraw_scopes

# How much one transaction does. Each person costs about ten statements, and the application gets no tokens meanwhile.
PEOPLE_AT_ONCE = 100
TOKENS_AT_ONCE = 1000
# How long the request may take; `cleartokens` does the rest.
PATIENCE_SECONDS = 1.0

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Holders:
    """How many people granted permissions, or others that include them, and how many open access tokens have them."""

    people: int = 0
    tokens: int = 0

    def __bool__(self) -> bool:
        return bool(self.people or self.tokens)


def endable_permissions(application: Application, names: Collection[str]) -> list[str]:
    """Return those of the names that are not on the allow-list and can therefore be ended."""
    allowed = set(application.scope_names)
    return [name for name in known(dict.fromkeys(names)) if name not in allowed]


def count_holders(application: Application, names: Collection[str]) -> Holders:
    return Holders(_consents(application, names).count(), _open_tokens(application, names).count())


def end_permissions(application: Application, names: Collection[str], origin: Origin = UNKNOWN) -> Holders:
    """End permissions that are no longer on the allow-list. Return how many people and tokens held them.

    Access tokens end at once. Consents are narrowed in batches; `cleartokens` continues if that takes too long. A
    permission that returns to the allow-list before then stays with the people who still have it.
    """
    ended = _begin(application, names, origin)
    narrow_consents(application, PATIENCE_SECONDS)
    return ended


def narrow_consents(application: Application, seconds: float = float("inf")) -> None:
    """Continue narrowing consents for at most this many seconds."""
    start, last = time.monotonic(), _narrow_some(application, 0)
    while last is not None and time.monotonic() - start < seconds:
        last = _narrow_some(application, last)


@survives_deadlocks
@transaction.atomic
def _begin(application: Application, names: Collection[str], origin: Origin) -> Holders:
    locked = _hold(application)
    ending = endable_permissions(locked, names) if locked else []
    found = count_holders(locked, ending) if locked and ending else Holders()
    if locked is None or not found or set(ending) <= set(locked.ending_scopes.names):
        return found
    _end_open_tokens(locked, ending)
    if found.people:
        _note(locked, [*locked.ending_scopes.names, *ending])
    Event.record(
        Event.Action.PERMISSIONS_ENDED,
        application=locked,
        origin=origin,
        scopes=ending,
        people=found.people,
        tokens=found.tokens,
    )
    return found


@survives_deadlocks
@transaction.atomic
def _narrow_some(application: Application, after: int) -> int | None:
    """Narrow the consents of some people, by key after that one. Return the last key, or None where none is left."""
    locked = _hold(application)
    if locked is None or not locked.ending_scopes:
        return None
    pending = locked.ending_scopes
    ending = endable_permissions(locked, pending.names)
    consents = list(_consents(locked, ending).filter(pk__gt=after).order_by("pk")[:PEOPLE_AT_ONCE])
    for consent in consents:
        consent.application = locked
        _narrow(consent, ending)
    if len(consents) == PEOPLE_AT_ONCE:
        return consents[-1].pk
    # A scope that the catalogue lacks now ends once the catalogue has it again.
    _note(locked, pending.gone)
    return None


def _hold(application: Application) -> Application | None:
    """Keep others from changing the allow-list, and tokens from being issued, until the transaction ends."""
    return Application.objects.select_for_update().filter(pk=application.pk).first()


def _note(application: Application, ending: Collection[str]) -> None:
    Application.objects.filter(pk=application.pk).update(ending_scopes=Scopes.of(ending))


def _narrow(consent: Consent, names: Collection[str]) -> None:
    """Withdraw permissions from a consent, or remove the consent if it holds no others."""
    if set(consent.scope.names) <= set(carriers(names)):
        remove_consent(consent)
    else:
        withdraw_scopes(consent, names)


def _end_open_tokens(application: Application, names: Collection[str]) -> None:
    tokens = _open_tokens(application, names).order_by("pk")
    while keys := list(tokens.values_list("pk", flat=True)[:TOKENS_AT_ONCE]):
        AccessToken.objects.filter(pk__in=keys).delete()


def _consents(application: Application, names: Collection[str]) -> models.QuerySet[Consent]:
    return _with_any(Consent.objects.filter(application=application).select_related("user"), names)


def _open_tokens(application: Application, names: Collection[str]) -> models.QuerySet[AccessToken]:
    return _with_any(AccessToken.objects.filter(application=application, expires__gt=timezone.now()), names)


def _with_any(rows: models.QuerySet[Row], names: Collection[str]) -> models.QuerySet[Row]:
    """Narrow rows to those whose `scope` holds any of the permissions, by name or in one that brings it along."""
    holds = [Q(padded_scope__contains=f" {name} ") for name in carriers(names)]
    if not holds:
        return rows.none()
    padded = Concat(Value(" "), "scope", Value(" "), output_field=models.TextField())
    found = rows.alias(padded_scope=padded).filter(reduce(or_, holds))
    return cast("models.QuerySet[Row]", found)
