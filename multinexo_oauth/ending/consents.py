"""Taking back what people granted: a whole consent, or some of its scopes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q

from ..models import Application, Consent, Event
from ..models.consent import ConsentQuerySet, after_commit
from ..origin import UNKNOWN, Origin
from ..signals import consent_reduced, consent_removed, consents_removed
from ..storage.deadlock import survives_deadlocks
from ..storage.locks import Lock, hold, hold_row
from .tokens import end_all, revoke_scopes

AT_ONCE = 500


@dataclass(frozen=True)
class Removed:
    """The result of removing consents: which applications lost access, and how many tokens were live."""

    applications: list[Application] = field(default_factory=list)
    tokens: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed([*self.applications, *other.applications], self.tokens + other.tokens)


def remove_consents(consents: ConsentQuerySet, user: Any, origin: Origin = UNKNOWN) -> Removed:
    """Remove those of the consents that are the person's, with every code and token that came of them."""
    removed = Removed()
    mine = consents.owned_by(user).order_by("pk")
    # In batches, each in one transaction: whatever interrupts it leaves no consent without its tokens.
    while some := _remove_some(mine, user, origin):
        removed += some
    if removed.applications:
        about = {"user": user, "applications": removed.applications}
        after_commit(consents_removed, by=origin.person, address=origin.ip, agent=origin.agent, **about)
    return removed


def remove_consent(consent: Consent, origin: Origin = UNKNOWN) -> int:
    """Remove a consent with every code and token that came of it. Return how many tokens were live."""
    try:
        person = consent.user
    except ObjectDoesNotExist:  # deleted since the consent was read, together with all that was theirs
        return 0
    return remove_consents(Consent.objects.filter(pk=consent.pk), person, origin).tokens


@survives_deadlocks
def _remove_some(mine: ConsentQuerySet, user: Any, origin: Origin) -> Removed | None:
    """Remove the first of one person's consents. Return what ended, or None where there was none."""
    with transaction.atomic():
        keys = list(mine.values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            return None
        # Locked by their keys alone: a join would lock the applications as well.
        held = hold(Consent.objects.filter(pk__in=keys), Lock.ALONE)
        consents = list(Consent.objects.filter(pk__in=held).order_by("pk").prefetch_related("application"))
        applications = [consent.application for consent in consents]
        tokens = _revoke(user, applications)
        Event.record_all(Event.Action.CONSENT_REMOVED, applications, origin)
        Consent.objects.filter(pk__in=held).delete()
        for application in applications:
            after_commit(consent_removed, user=user, application=application)
    return Removed(applications, tokens)


def _revoke(user: Any, applications: Collection[Application]) -> int:
    """End every code and token that a person's consent to applications brought. Return how many tokens were live."""
    client_ids = [application.client_id for application in applications]
    return end_all(Q(user=user, application__in=applications), Q(user=user, client_id__in=client_ids))


@survives_deadlocks
def withdraw_scopes(consent: Consent, names: Iterable[str], origin: Origin = UNKNOWN) -> int:
    """Take scopes back, and those that bring them along. Return how many live access tokens ended.

    Refresh tokens stay and bring what is left.
    """
    with transaction.atomic():
        if not hold_row(consent, Lock.ALONE):
            return 0
        held = Consent.objects.get(pk=consent.pk)
        withdrawn = held.carriers(names)
        if not withdrawn:
            return 0
        before = held.scope
        kept = before.without(withdrawn)
        if not kept:  # others went at the same moment
            return remove_consent(held, origin)
        consent.scope = held.scope = kept
        held.save(update_fields=["scope", "updated_at"])
        ended = revoke_scopes(consent.user, consent.application, before.expanded - kept.expanded)
        Event.record(
            Event.Action.CONSENT_REDUCED, application=consent.application, origin=origin, scopes=withdrawn
        )
        after_commit(consent_reduced, consent=consent, withdrawn=withdrawn)
    return ended
