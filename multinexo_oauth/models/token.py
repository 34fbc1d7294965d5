from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, Self

from django.db import connections, models, router, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractAccessToken, AbstractIDToken, AbstractRefreshToken

from ..conf import conf
from ..storage import token_cache
from ..storage.family import new_family
from .fields import ScopesField

# Fields of an access token that do not affect its cache entry.
UNREMEMBERED = frozenset({"last_used_at", "created", "updated"})
OWNERS: dict[token_cache.Owner, str] = {"application": "application", "person": "user"}
# Tokens in one statement.
AT_ONCE = 500
# With more tokens than this, one entry for the owner replaces an entry for each token.
FEW = 1000


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def standing(self) -> Self:
        """Tokens that were not ended together with all of their application's tokens, including expired ones."""
        return self.filter(pk__gt=F("application__access_tokens_ended_through"))

    def usable(self) -> Self:
        """Standing tokens of usable applications, expired ones too."""
        return self.standing().filter(application__suspended_at__isnull=True)

    def unexpired(self) -> Self:
        """Tokens that are good, or will be once their application is no longer suspended."""
        return self.standing().filter(expires__gt=timezone.now())

    def live(self) -> Self:
        """Tokens the API takes; a person's `is_active` is asked of the person, for user models differ."""
        return self.usable().filter(expires__gt=timezone.now())

    def bury(self) -> None:
        """Remove the tokens from the cache, because something that they depend on has changed."""
        self._bury()
        # Again after the commit: another token may have been issued and used meanwhile.
        transaction.on_commit(self._bury, using=router.db_for_write(self.model))

    def bury_owner(self, kind: token_cache.Owner, pk: Any) -> None:
        """Bury every token of an application or a person, in about the same time however many there are."""
        theirs = self.filter(**{OWNERS[kind]: pk})
        if token_cache.enabled() and theirs._remembered()[FEW : FEW + 1]:
            token_cache.bury_owner(kind, pk, using=router.db_for_write(self.model))
        else:
            theirs.bury()

    def _bury(self) -> None:
        if token_cache.enabled():
            token_cache.bury(list(self._remembered()))

    def _remembered(self) -> models.QuerySet[Any, str]:
        """Return the digests of those that the cache may know."""
        return self.filter(expires__gt=timezone.now()).values_list("token_checksum", flat=True)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the tokens, and bury exactly those that were deleted."""
        if not token_cache.enabled():
            return super().delete()
        with transaction.atomic(using=router.db_for_write(self.model)):
            deleted = latest = self._delete()
            while latest.total() >= AT_ONCE:  # again, for others may have come while it took so long
                latest = self._delete()
                deleted += latest
        return deleted.total(), dict(deleted)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _delete(self) -> Counter[str]:
        deleted: Counter[str] = Counter()
        for some in self._buried():
            deleted.update(models.QuerySet.delete(some)[1])
        return deleted

    def update(self, **values: Any) -> int:
        """Change the tokens, and bury those that were changed."""
        if not token_cache.enabled() or values.keys() <= UNREMEMBERED:
            return super().update(**values)
        with transaction.atomic(using=router.db_for_write(self.model)):
            return sum(models.QuerySet.update(some, **values) for some in self._buried())

    update.alters_data = True  # type: ignore[attr-defined]

    def _buried(self) -> Iterator[Self]:
        """Bury the tokens in batches, and give each batch."""
        rows = self._as_they_are().values_list("pk", "token_checksum", "expires").iterator(AT_ONCE)
        while some := list(islice(rows, AT_ONCE)):
            now = timezone.now()
            bury_changed([checksum for _pk, checksum, expires in some if expires > now])
            yield self.filter(pk__in=[pk for pk, _checksum, _expires in some])

    def _as_they_are(self) -> models.QuerySet["AccessToken"]:
        """Return the current tokens. In a MySQL transaction only a locking read sees rows committed after its start."""
        alias = router.db_for_write(self.model)
        rows = self.using(alias).order_by()
        if connections[alias].vendor != "mysql":
            return rows
        refcounts = self.query.alias_refcount
        if sum(refcounts[table] > 0 for table in self.query.alias_map) > 1:
            # Not the rows that are joined.
            tokens = self.model._base_manager.using(alias).filter(pk__in=rows.values("pk"))
            return tokens.select_for_update()
        return rows.select_for_update()


def bury_changed(checksums: list[str]) -> None:
    """Bury access tokens that the transaction deletes or changes."""
    token_cache.bury(checksums)
    # Again on commit: the transaction may take longer than the cache keeps its first marker.
    again = partial(token_cache.bury, checksums)
    transaction.on_commit(again, using=router.db_for_write(AccessToken))


class AccessToken(AbstractAccessToken):
    """An access token, as a digest. A revoked one is deleted."""

    # The family replaces these links: ending it takes one statement per table, and deleting a token touches no other
    # row.
    source_refresh_token = None
    id_token = None
    token = models.CharField(max_length=1, blank=True, default="", editable=False)
    token_checksum = models.CharField(max_length=64, editable=False)
    scope = ScopesField(_("scope"), blank=True)
    family = models.UUIDField(_("family"), default=new_family, editable=False, db_index=True)
    # Noted at most hourly, from its issue on.
    last_used_at = models.DateTimeField(_("last used"), default=timezone.now, editable=False)

    objects = AccessTokenQuerySet.as_manager()

    class Meta(AbstractAccessToken.Meta):
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        # `unique=True` would make two indexes on PostgreSQL, one of them for prefix searches, which digests do not
        # need.
        constraints = [
            models.UniqueConstraint(fields=["token_checksum"], name="multinexo_oauth_one_access_token")
        ]
        indexes = [models.Index(fields=["expires"])]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        bury_changed([self.token_checksum])
        return super().delete(*args, **kwargs)


class RefreshTokenQuerySet(models.QuerySet["RefreshToken"]):
    def live(self) -> Self:
        """Tokens that can be exchanged and were not before; a person's `is_active` is asked of the person."""
        return self.filter(self._unexpired(), revoked=None, replaced_at=None).filter(
            pk__gt=F("application__refresh_tokens_ended_through")
        )

    @staticmethod
    def _unexpired() -> Q:
        now = timezone.now()
        unexpired = Q(expires=None) | Q(expires__gt=now)
        idle = conf.refresh_idle_seconds
        return unexpired if idle is None else unexpired & Q(last_used_at__gt=now - timedelta(seconds=idle))


class RefreshToken(AbstractRefreshToken):
    """A refresh token, as a digest. A replaced one stays, so that its reuse is seen and ends the family."""

    token = models.CharField(max_length=1, blank=True, default="", editable=False)
    token_checksum = models.CharField(max_length=64, editable=False)
    family = models.UUIDField(_("family"), default=new_family, editable=False, db_index=True)
    token_family = None  # django-oauth-toolkit's name for it
    access_token = None
    # What was granted; an access token may carry less when the client asked for less.
    scope = ScopesField(_("scope"), blank=True)
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, editable=False)
    # What the token that replaced it is derived from, together with its own value, which is not kept.
    successor_salt = models.CharField(max_length=43, blank=True, default="", editable=False)
    last_used_at = models.DateTimeField(_("last used"), default=timezone.now, editable=False)
    # Refreshed ID tokens repeat it (OpenID Connect Core section 12.2).
    auth_time = models.DateTimeField(_("logged in"), null=True, editable=False)

    objects = RefreshTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")
        constraints = [
            models.UniqueConstraint(fields=["token_checksum"], name="multinexo_oauth_one_refresh_token")
        ]
        indexes = [models.Index(fields=["user", "application"]), models.Index(fields=["expires"])]

    @property
    def is_past(self) -> bool:
        """Whether its family has ended by its age."""
        return self.expires is not None and self.expires <= timezone.now()

    @property
    def is_idle(self) -> bool:
        """Whether nobody has used it for as long as the site lets a family live unused."""
        idle = conf.refresh_idle_seconds
        return idle is not None and self.last_used_at <= timezone.now() - timedelta(seconds=idle)


def count_live(which: Q) -> int:
    """Count the access and refresh tokens that are good now, or would be if their application were not suspended."""
    access_tokens = AccessToken.objects.filter(which).unexpired()
    return access_tokens.count() + RefreshToken.objects.filter(which).live().count()


class IDToken(AbstractIDToken):
    """A table that django-oauth-toolkit refers to. Nothing writes it: ID tokens are signed, sent and never stored."""

    class Meta(AbstractIDToken.Meta):
        verbose_name = _("ID token")
        verbose_name_plural = _("ID tokens")
        indexes = [models.Index(fields=["expires"])]
