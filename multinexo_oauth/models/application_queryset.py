from datetime import datetime
from typing import Any, Self

from django.db import models, router, transaction
from django.db.models.functions import Coalesce
from oauth2_provider.models import AbstractApplication

from .allowed_origin import FollowedByOrigins, Row
from .token import AccessToken


class ApplicationQuerySet(FollowedByOrigins[Row]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(user=user)

    def usable(self) -> Self:
        return self.filter(suspended_at=None)

    def unused_since(self, when: datetime) -> Self:
        """Self-registered applications created before then to which nobody is connected and that staff has not
        touched.
        """
        # A suspended one stays: once deleted, it could register itself again.
        return self.filter(
            created__lt=when, consents=None, user=None, verified=False, suspended_at=None
        ).exclude(registration_source=AbstractApplication.RegistrationSource.MANUAL)

    def update(self, **values: Any) -> int:
        """Change the applications, and bury the access tokens of those that are suspended by it."""
        if values.get("suspended_at") is None:
            return super().update(**values)
        with transaction.atomic(using=router.db_for_write(self.model)):
            # Read first, because afterwards other rows may match.
            changed = list(self.values_list("pk", flat=True))
            updated = super().update(**values)
            for pk in changed:
                AccessToken.objects.bury_owner("application", pk)
        return updated

    update.alters_data = True  # type: ignore[attr-defined]

    def get_by_natural_key(self, client_id: str) -> Row:
        return self.get(client_id=client_id)

    def with_people(self) -> Self:
        """Annotate `people`, how many have given consent."""
        consents: Any = self.model._meta.get_field("consents").related_model
        theirs = (
            consents._default_manager.filter(application=models.OuterRef("pk"))
            .order_by()
            .values("application")
        )
        people = models.Subquery(theirs.annotate(total=models.Count("pk")).values("total"))
        return self.annotate(people=Coalesce(people, 0))


_Manager = models.Manager.from_queryset(ApplicationQuerySet)


class ApplicationManager(_Manager[Row]):
    """The applications that were not deleted."""

    def get_queryset(self) -> ApplicationQuerySet[Row]:
        return ApplicationQuerySet(self.model, using=self._db).filter(deleted_at=None)
