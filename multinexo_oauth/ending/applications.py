"""Ending everything of an application: its tokens, or all of it. One with very many rows ends at once for everybody,
and `cleartokens` deletes the rows afterwards.
"""

from typing import Any, Unpack

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from ..models import AccessToken, Application, Consent, DeviceGrant, Event, Grant, RefreshToken
from ..models.event import Detail
from ..origin import UNKNOWN, Origin
from ..storage import token_cache
from ..storage.locks import Lock, hold, hold_row
from .tokens import end_tokens

# How many rows of a table one transaction ends.
AT_ONCE = 1000


@transaction.atomic
def revoke_application(application: Application) -> int:
    """End every code and token of an application. Return how many tokens were live.

    Everything has ended once the transaction is committed. If there are many tokens, the application stores the key of
    the newest one: tokens up to it are refused, and `sweep` deletes their rows later.
    """
    hold_row(application, Lock.GONE)
    mine = Q(application=application)
    ended = application.live_tokens()
    Grant.objects.filter(mine, redeemed_at=None).delete()
    DeviceGrant.objects.filter(client_id=application.client_id).delete()
    if _are_many(RefreshToken.objects.filter(mine, revoked=None), AccessToken.objects.filter(mine)):
        token_cache.bury_owner("application", application.pk)
        Application._base_manager.filter(pk=application.pk).update(
            refresh_tokens_ended_through=_newest(RefreshToken),
            access_tokens_ended_through=_newest(AccessToken),
        )
    else:
        end_tokens(mine)
    return ended


def _are_many(*rows: QuerySet[Any]) -> bool:
    """Tell whether there are too many rows of a table to be ended in one request."""
    return any(len(found.order_by().values_list("pk")[:AT_ONCE]) == AT_ONCE for found in rows)


def _newest(model: type[AccessToken | RefreshToken]) -> int:
    return model._base_manager.aggregate(newest=Max("pk"))["newest"] or 0


@transaction.atomic
def sweep(application: Application) -> bool:
    """Delete a bounded number of the tokens that `revoke_application` has ended by their number.

    Tell whether any is left.
    """
    through = {"refresh_tokens_ended_through": RefreshToken, "access_tokens_ended_through": AccessToken}
    ended = Application._base_manager.values(*through).get(pk=application.pk)
    deleted = 0
    for column, model in through.items():
        rows = model._default_manager.filter(application=application, pk__lte=ended[column])
        deleted += rows.filter(pk__in=_first(rows)).delete()[0]
    if not deleted:
        # Only if nothing changed: another revocation may have happened in between.
        Application._base_manager.filter(pk=application.pk, **ended).update(**dict.fromkeys(ended, 0))
    return bool(deleted)


def _first(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def delete_application(
    application: Application, origin: Origin = UNKNOWN, **detail: Unpack[Detail]
) -> int | None:
    """Delete an application with all that belongs to it. Return how many tokens were live, or None if it did not exist.

    An application with many rows is only marked as deleted, and `cleartokens` deletes the rows later.
    """
    if not hold(Application.objects.filter(pk=application.pk), Lock.GONE):
        return None
    ended = application.live_tokens()
    Event.record(Event.Action.DELETED, application=application, origin=origin, **detail)
    if _are_many(*_rows_of(application)):
        DeviceGrant.objects.filter(client_id=application.client_id).delete()
        application.leave()
    else:
        application.delete()
    return ended


def _rows_of(application: Application) -> list[QuerySet[Any]]:
    """Return the rows that belong to an application, in the order in which they are locked."""
    models = (Consent, Grant, RefreshToken, AccessToken)
    return [model._default_manager.filter(application=application) for model in models]


@transaction.atomic
def end_application(application: Application) -> None:
    """End everything of an application that is about to be deleted, and prevent that anything is issued meanwhile."""
    hold_row(application, Lock.GONE)
    consents, codes, *tokens = _rows_of(application)
    devices = DeviceGrant.objects.filter(client_id=application.client_id)
    for rows in (consents, codes, devices, *tokens):
        rows.delete()


@transaction.atomic
def delete_some(application: Application) -> bool:
    """Delete a bounded number of rows of an application that is marked as deleted. Tell whether any row is left."""
    some = [(rows, _first(rows)) for rows in _rows_of(application)]
    for rows, keys in some:
        rows.filter(pk__in=keys).delete()
    return any(keys for _rows, keys in some)
