from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _

from ..storage.digest import digest

AT_ONCE = 500
FIELD = "allowed_origins"
Row = TypeVar("Row", bound=models.Model, covariant=True)


class AllowedOriginQuerySet(models.QuerySet["AllowedOrigin"]):
    def usable(self) -> Self:
        return self.filter(application__suspended_at=None)

    def matching(self, origin: str) -> Self:
        return self.filter(digest=digest(origin))

    def follow(self, applications: Iterable[Any], *, are_new: bool = False) -> None:
        """Update the rows of some applications to match their lists. New applications have no rows yet."""
        stored = {application.pk: application for application in applications}
        wanted = {(pk, digest(it)) for pk, one in stored.items() for it in one.allowed_origins.split()}
        rows = self.none() if are_new else self.filter(application__in=stored)
        known = {row.pk: (row.application_id, row.digest) for row in rows}
        if gone := [pk for pk, row in known.items() if row not in wanted]:
            self.filter(pk__in=gone).delete()
        missing = sorted(wanted.difference(known.values()))
        self.bulk_create(AllowedOrigin(application_id=pk, digest=it) for pk, it in missing)


class AllowedOrigin(models.Model):
    """One of the web origins that an application's `allowed_origins` lists, to be found by.

    A preflight names no client, and a search through the lists would take longer with each application. The digest
    has one length and is compared exactly on every database.
    """

    application = models.ForeignKey(
        "multinexo_oauth.Application", on_delete=models.CASCADE, related_name="+", editable=False
    )
    digest = models.CharField(max_length=64, editable=False)

    objects = AllowedOriginQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowed origin")
        verbose_name_plural = _("allowed origins")
        # Not unique: a fixture may hold rows that loading its application has created already.
        indexes = [models.Index(fields=["digest"])]


@contextmanager
def followed(application: Any, using: str | None, update_fields: Iterable[str] | None) -> Iterator[None]:
    """Update an application's rows of origins in the transaction that saves it."""
    without_any = application._state.adding and not application.allowed_origins
    if without_any or (update_fields is not None and FIELD not in update_fields):
        yield
        return
    is_new = application._state.adding
    database = using or router.db_for_write(type(application), instance=application)
    with transaction.atomic(using=database, savepoint=False):
        yield
        AllowedOrigin.objects.using(database).follow([application], are_new=is_new)


class FollowedByOrigins(models.QuerySet[Row]):
    """A query set that updates the rows of origins whenever it changes applications."""

    def update(self, **values: Any) -> int:
        if FIELD not in values:
            return super().update(**values)
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            changed = list(self.order_by().values_list("pk", flat=True))
            count = super().update(**values)
            self._follow("pk", changed)
        return count

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            made: list[Any] = super().bulk_create(objs, *args, **kwargs)
            # By their client ids, because not every database returns the keys of new rows.
            self._follow("client_id", [it.client_id for it in made if it.allowed_origins])
        return made

    def _follow(self, name: str, values: Sequence[Any]) -> None:
        applications = self.model._base_manager.using(self.db).only("pk", FIELD)
        for first in range(0, len(values), AT_ONCE):
            some = {f"{name}__in": values[first : first + AT_ONCE]}
            AllowedOrigin.objects.using(self.db).follow(applications.filter(**some))
