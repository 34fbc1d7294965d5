"""Ending what applications hold of a person."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from ..models import Application, Consent
from ..storage.locks import Lock, hold, hold_row
from .tokens import end_all


@transaction.atomic
def revoke_user(user: Any) -> int:
    """End every code and token of a person, at all applications. Return how many tokens were live."""
    hold_row(user, Lock.ALONE)
    return end_all(Q(user=user), Q(user=user))


@transaction.atomic
def end_person(user: Any) -> list[Application]:
    """End everything that applications hold of a person who is about to be deleted, and lock it until the end.

    Return the person's own applications that are not suspended, locked.
    """
    mine = Application.objects.owned_by(user)
    hold(mine, Lock.ALONE)
    hold_row(user, Lock.GONE)
    hold(Consent.objects.filter(user=user), Lock.ALONE)
    Consent.objects.filter(user=user).delete()
    end_all(Q(user=user), Q(user=user))
    return list(mine.usable())
