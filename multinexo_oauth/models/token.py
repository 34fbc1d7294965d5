from datetime import timedelta
from functools import partial
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractAccessToken, AbstractIDToken, AbstractRefreshToken

from ..conf import conf
from . import token_cache
from .family import new_family


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def standing(self) -> Self:
        """Tokens that were not ended with all others of their application's, expired ones too."""
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
        """Have the database, not the cache, be asked about the tokens, for something that they hang on has changed."""
        self._bury()
        # Again once the change stands: another one may have been issued and used meanwhile.
        transaction.on_commit(self._bury)

    def _bury(self) -> None:
        token_cache.bury(self._remembered())

    def _remembered(self) -> list[str]:
        """Return the digests of those that the cache may know."""
        if not token_cache.enabled():
            return []
        return list(self.filter(expires__gt=timezone.now()).values_list("token_checksum", flat=True))

    def delete(self) -> tuple[int, dict[str, int]]:
        _bury_deleted(self._remembered())
        return super().delete()


def _bury_deleted(checksums: list[str]) -> None:
    token_cache.bury(checksums)
    # Again once they are gone: a transaction may take longer than the cache keeps what was written at its start.
    transaction.on_commit(partial(token_cache.bury, checksums))


class AccessToken(AbstractAccessToken):
    """An access token, as a digest. A revoked one is deleted."""

    # Lineage is the family, so that ending it is one statement a table and deleting a token touches no other row.
    source_refresh_token = None
    id_token = None
    token = models.CharField(max_length=1, blank=True, default="", editable=False)
    token_checksum = models.CharField(max_length=64, editable=False)
    family = models.UUIDField(_("family"), default=new_family, editable=False, db_index=True)
    # Noted at most hourly, from its issue on.
    last_used_at = models.DateTimeField(_("last used"), default=timezone.now, editable=False)

    objects = AccessTokenQuerySet.as_manager()

    class Meta(AbstractAccessToken.Meta):
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        # The field's `unique=True` is two indexes on PostgreSQL, one of them for a look-up by how a digest begins.
        constraints = [
            models.UniqueConstraint(fields=["token_checksum"], name="multinexo_oauth_one_access_token")
        ]
        indexes = [models.Index(fields=["expires"])]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _bury_deleted([self.token_checksum])
        return super().delete(*args, **kwargs)


class RefreshTokenQuerySet(models.QuerySet["RefreshToken"]):
    def live(self) -> Self:
        """Tokens that can be exchanged and were not before; a person's `is_active` is asked of the person."""
        return self.filter(self._unexpired(), revoked=None, replaced_at=None).filter(
            pk__gt=F("application__refresh_tokens_ended_through")
        )

    def expired(self) -> Self:
        """Tokens whose family has ended by its age, or because nobody used it."""
        return self.exclude(self._unexpired())

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
    scope = models.TextField(_("scope"), blank=True)
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
    def has_expired(self) -> bool:
        """Whether its family has ended by its age, or because nobody used it (RFC 9700 section 4.14.2)."""
        now, idle = timezone.now(), conf.refresh_idle_seconds
        is_idle = idle is not None and self.last_used_at <= now - timedelta(seconds=idle)
        return is_idle or (self.expires is not None and self.expires <= now)


class IDToken(AbstractIDToken):
    """The record of an ID token (OpenID Connect Core section 2); the token itself is never stored."""

    class Meta(AbstractIDToken.Meta):
        verbose_name = _("ID token")
        verbose_name_plural = _("ID tokens")
        indexes = [models.Index(fields=["expires"])]
