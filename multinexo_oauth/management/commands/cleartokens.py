from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q, QuerySet
from django.utils import timezone

from ...conf import conf
from ...ending.applications import delete_some, sweep
from ...ending.permissions import narrow_consents
from ...models import (
    AccessToken,
    Application,
    DeviceGrant,
    Event,
    Grant,
    IDToken,
    RefreshToken,
)
from ...storage.deadlock import survives_deadlocks


class Command(BaseCommand):
    """Takes the place of django-oauth-toolkit's command, which looks for rows by columns that ours do not have."""

    help = (
        "Delete codes, device requests and tokens that have expired, revoked refresh tokens, old events, and "
        "applications that registered themselves and nobody uses. Finish taking ended permissions from what people "
        "granted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--batch-size",
            type=int,
            default=1000,
            metavar="ROWS",
            help="How many rows one statement deletes, and so how long others may wait for it (default: 1000).",
        )
        parser.add_argument(
            "--revoked-days",
            type=int,
            default=7,
            metavar="DAYS",
            help="How long a revoked refresh token stays for staff to see (default: 7).",
        )
        parser.add_argument(
            "--replaced-days",
            type=int,
            default=conf.refresh_reuse_days,
            metavar="DAYS",
            help="How long a replaced refresh token stays, whose reuse ends the newer ones of its family "
            "(default: MULTINEXO_OAUTH['REFRESH_REUSE_DAYS'], 30).",
        )
        parser.add_argument(
            "--unused-days",
            type=int,
            default=30,
            metavar="DAYS",
            help="How long an application that registered itself stays with nobody connected to it (default: 30).",
        )
        parser.add_argument(
            "--event-days",
            type=int,
            default=conf.event_days,
            metavar="DAYS",
            help="How long events stay (default: MULTINEXO_OAUTH['EVENT_DAYS'], 365).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in _finished():
            self._say(options, name, count)
        for rows in _outlived(options):
            deleted = _delete(rows, options["batch_size"])
            self._say(options, str(rows.model._meta.verbose_name_plural), deleted)

    def _say(self, options: dict[str, Any], name: str, count: int) -> None:
        if options["verbosity"] > 0:
            self.stdout.write(f"{name}: {count}")


def _finished() -> Iterator[tuple[str, int]]:
    """Finish what requests have ended and left: permissions, all tokens of an application, and whole applications."""
    for application in Application.objects.exclude(ending_scopes=""):
        narrow_consents(application)
    ended = Application.objects.exclude(access_tokens_ended_through=0, refresh_tokens_ended_through=0)
    yield "applications whose tokens were revoked", _each(ended, sweep)
    deleted = Application._base_manager.exclude(deleted_at=None)
    yield "deleted applications", _each(deleted, delete_some)
    deleted.delete()


def _each(applications: QuerySet[Application], some: Callable[[Application], bool]) -> int:
    """Do a bounded part of the work of each application again and again until nothing is left. Return how many."""
    found = list(applications.order_by("pk"))
    for application in found:
        while survives_deadlocks(some)(application):
            pass
    return len(found)


def _outlived(options: dict[str, Any]) -> Iterator[QuerySet[Any]]:
    """Give the rows of each model that are no longer needed."""
    now = timezone.now()
    expired = Q(expires__lt=now)
    # A revoked token is refused with or without its row. A replaced one stays for a while, for its reuse ends the
    # family (RFC 9700 section 4.14.2).
    refresh_tokens = expired | Q(revoked__lt=now - timedelta(days=options["revoked_days"]))
    if conf.refresh_idle_seconds is not None:
        refresh_tokens |= Q(
            replaced_at=None, last_used_at__lt=now - timedelta(seconds=conf.refresh_idle_seconds)
        )
    if options["replaced_days"] is not None:
        refresh_tokens |= Q(replaced_at__lt=now - timedelta(days=options["replaced_days"]))
    yield Grant.objects.filter(expired)
    yield DeviceGrant.objects.filter(expired)
    yield RefreshToken.objects.filter(refresh_tokens)
    yield IDToken.objects.filter(expired)
    yield AccessToken.objects.filter(expired)
    yield Application.objects.unused_since(now - timedelta(days=options["unused_days"]))
    if options["event_days"] is not None:
        yield Event.objects.filter(at__lt=now - timedelta(days=options["event_days"]))


def _delete(rows: QuerySet[Any], batch_size: int) -> int:
    """Delete the rows, so many a statement. Return how many there were."""
    deleted, last = 0, 0
    # In the order of the key, so that the whole run reads each row once, those that stay as well.
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch_size]):
        # Asked again: an application may have come into use meanwhile. What goes along with a row is not counted.
        deleted += rows.filter(pk__in=keys).delete()[1].get(rows.model._meta.label, 0)
        last = keys[-1]
    return deleted
