import uuid
from typing import Any, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_id
from oauth2_provider.models import AbstractApplication

from .. import scopes
from ..conf import conf
from ..origin import UNKNOWN, Origin
from ..storage.exact_text import ExactCharField
from .allowed_origin import followed
from .application_queryset import ApplicationManager
from .application_rules import broken_rules
from .event import Detail, Event
from .fields import KindField, ScopesField
from .kind import Kind
from .registered_uris import RegisteredURIs
from .token import AccessToken, count_live

_DOT_GRANT_TYPES = {
    Kind.DEVICE: AbstractApplication.GRANT_DEVICE_CODE,
    Kind.SERVICE: AbstractApplication.GRANT_CLIENT_CREDENTIALS,
}


SOURCES = {
    AbstractApplication.RegistrationSource.MANUAL: _("By a person"),
    AbstractApplication.RegistrationSource.DCR: _("Self-registered"),
    AbstractApplication.RegistrationSource.CIMD: _("Metadata document"),
}
# What staff vouched for when it verified the application.
VOUCHED_FOR = frozenset({"name", "logo", "homepage_url", "redirect_uris", "post_logout_redirect_uris"})


def validate_visible(name: str) -> None:
    """Refuse invisible characters: with them, one application could look like another on the consent page."""
    if not name.isprintable():
        raise ValidationError(_("The name contains invisible characters."))


class Application(RegisteredURIs, AbstractApplication):
    """A client of the authorization server. What it may do follows from its kind and its allow-list of scopes."""

    client_id = ExactCharField(
        _("client ID"), max_length=255, unique=True, default=generate_client_id, db_index=True
    )
    kind = KindField(_("kind"), max_length=16, choices=Kind.choices)
    # An owner who leaves must not take along an application that others depend on.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(app_label)s_%(class)s",
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=80, validators=[validate_visible])
    # Always empty: secrets live in ClientSecret, as digests.
    client_secret = models.CharField(max_length=255, blank=True, default="", editable=False)
    hash_client_secret = models.BooleanField(default=False, editable=False)
    description = models.CharField(_("description"), max_length=300, blank=True)
    homepage_url = models.URLField(_("home page"), max_length=500, blank=True)
    privacy_url = models.URLField(_("privacy policy"), max_length=500, blank=True)
    terms_url = models.URLField(_("terms of service"), max_length=500, blank=True)
    support_email = models.EmailField(_("support e-mail"), blank=True)
    logo = models.ImageField(_("logo"), upload_to="multinexo_oauth/logos/", blank=True)
    scopes = ScopesField(_("allowed permissions"), blank=True)
    default_scopes = ScopesField(_("default permissions"), blank=True)
    required_scopes = ScopesField(_("required permissions"), blank=True)
    # Removed from the allow-list and being removed from consents (`ending.permissions`).
    ending_scopes = ScopesField(blank=True, default="", editable=False)
    # Staff alone decides (RFC 7662 section 4).
    resource_server = models.BooleanField(
        _("resource server"),
        default=False,
        help_text=_("It may introspect the access tokens of every application."),
    )
    pkce_waived = models.BooleanField(
        _("PKCE is not required"),
        default=False,
        help_text=_(
            "Only for programs that cannot send it. Without PKCE, someone who gets hold of an authorization code can "
            "have this application sign them in with it."
        ),
    )
    # A superuser alone decides; the site's policy says what follows.
    skip_authorization = models.BooleanField(
        _("the site's own"),
        default=False,
        help_text=_(
            "People are not asked for consent: what it asks for is granted when they arrive, and listed among their "
            "connected applications."
        ),
    )
    verified = models.BooleanField(_("verified"), default=False)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True, editable=False)
    # Set if there are too many rows to delete in one request; `cleartokens` deletes them.
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)
    # Tokens with keys up to these have ended. Set when staff revokes every token.
    access_tokens_ended_through = models.BigIntegerField(default=0, editable=False)
    refresh_tokens_ended_through = models.BigIntegerField(default=0, editable=False)
    # Noted at most hourly: of a token request, or of a call.
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    registration_source = models.CharField(
        _("source of the registration"),
        max_length=32,
        choices=SOURCES,
        default=AbstractApplication.RegistrationSource.MANUAL,
    )
    cimd_expires_at = models.DateTimeField(
        _("document good until"), null=True, blank=True, default=None, editable=False
    )
    # For self-registered clients: the digest of the registration access token (RFC 7592), and the authentication
    # method.
    registration_token = models.CharField(max_length=64, blank=True, default="", editable=False)
    token_endpoint_auth_method = models.CharField(max_length=32, blank=True, default="", editable=False)

    objects = ApplicationManager["Application"]()

    class Meta(AbstractApplication.Meta):
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [models.Index(fields=["user", "-created"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save as every model does. Raises DoesNotExist where only some fields are saved and the row is gone."""
        self._follow_kind()
        try:
            with followed(self, kwargs.get("using"), kwargs.get("update_fields")):
                super().save(*args, **kwargs)
        except DatabaseError as error:
            if kwargs.get("update_fields") is None or error.__cause__ is not None:  # the database's own
                raise
            raise Application.DoesNotExist("The application has been deleted.") from error

    def clean_fields(self, *args: Any, **kwargs: Any) -> None:
        self._follow_kind()
        super().clean_fields(*args, **kwargs)

    def _follow_kind(self) -> None:
        """Set the fields of django-oauth-toolkit's that follow from the kind."""
        if self.kind in Kind.values:
            self.client_type = self.kind.client_type
            self.authorization_grant_type = _DOT_GRANT_TYPES.get(self.kind, self.GRANT_AUTHORIZATION_CODE)

    def natural_key(self) -> tuple[str]:
        return (self.client_id,)

    def get_absolute_url(self) -> str:
        return reverse("multinexo_oauth:application", args=[self.client_id])

    @property
    def scope_names(self) -> list[str]:
        """The scopes it may ask for: those of its allow-list, and those that a wildcard of it stands for now.

        Scopes that the catalogue no longer has are left out here; they stay in `scopes`.
        """
        return self.scopes.concrete

    @property
    def scope_wildcards(self) -> list[str]:
        """Wildcards, which only staff sets: `products:*` stands for every present and future scope that begins with
        it.
        """
        return list(filter(scopes.is_wildcard, self.scopes.names))

    @property
    def default_scope_names(self) -> list[str]:
        """The scopes of a request that names none. A service without default scopes gets all that it is allowed."""
        stored = self.default_scopes.names
        # If the catalogue lost all of its default scopes, a service must not get more than those.
        return self._allowed(stored) if stored or self.kind != Kind.SERVICE else self.scope_names

    @property
    def required_scope_names(self) -> list[str]:
        return self._allowed(self.required_scopes.names)

    def _allowed(self, names: list[str]) -> list[str]:
        allowed = self.scope_names
        return [name for name in names if name in allowed]

    @property
    def may_leave_out_pkce(self) -> bool:
        """Whether its authorization requests may omit the code_challenge."""
        by_site = self.is_self_registered and conf.self_registered_pkce_waiver
        return self.kind.may_waive_pkce and (self.pkce_waived or by_site)

    @property
    def initials(self) -> str:
        """The first letters of the first and last word. Numbers are skipped, because many names end in one."""
        words = [word for word in self.name.split() if word[0].isalpha()] or self.name.split()
        return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper() or "?"

    @property
    def is_self_registered(self) -> bool:
        """Whether the client registered itself."""
        return self.registration_source != self.RegistrationSource.MANUAL

    @property
    def is_unverified_self_registered(self) -> bool:
        """Whether the client registered itself and staff has not verified it."""
        return self.is_self_registered and not self.verified

    @property
    def has_document(self) -> bool:
        """Whether its id is the address of a document that says what it is."""
        return self.registration_source == self.RegistrationSource.CIMD

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def state(self) -> str:
        return "suspended" if self.is_suspended else "active"

    def is_usable(self, request: Any = None) -> bool:
        """Tell whether its codes and tokens are good. django-oauth-toolkit asks this on every path."""
        return not self.is_suspended

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Tell whether the kind may use any of django-oauth-toolkit's grant types."""
        return self.authorization_grant_type in grant_types

    def clean(self) -> None:
        """Apply the rules of the kind. Raises ValidationError with every problem beside its field."""
        if errors := broken_rules(self):
            raise ValidationError(dict(errors))

    def live_tokens(self) -> int:
        """Count its access and refresh tokens that are valid, or would be if it were not suspended."""
        return count_live(models.Q(application=self))

    def bury_tokens(self) -> None:
        """Remove the application's access tokens from the cache, so that the database is asked about them."""
        AccessToken.objects.bury_owner("application", self.pk)

    def leave(self) -> None:
        """Mark the application as deleted. `cleartokens` deletes its rows later."""
        now = timezone.now()
        self.secrets.all().delete()
        # This frees its client id: a client known by its document may come again.
        Application.objects.filter(pk=self.pk).update(
            client_id=f"deleted:{uuid.uuid4()}",
            allowed_origins="",
            registration_token="",
            user=None,
            suspended_at=now,
            deleted_at=now,
            updated=now,
        )

    def suspend(self, origin: Origin = UNKNOWN, **detail: Unpack[Detail]) -> None:
        """Stop every code and token of the application from the next request on; they live again when reactivated."""
        self.suspended_at = timezone.now()
        with transaction.atomic():
            self.save(update_fields=["suspended_at", "updated"])
        Event.record(Event.Action.SUSPENDED, application=self, origin=origin, **detail)

    def reactivate(self, origin: Origin = UNKNOWN) -> None:
        """Let its codes and tokens work again. Raises DoesNotExist where it was deleted meanwhile."""
        now = timezone.now()
        if not Application.objects.filter(pk=self.pk).update(suspended_at=None, updated=now):
            raise Application.DoesNotExist("The application has been deleted.")
        self.suspended_at = None
        Event.record(Event.Action.REACTIVATED, application=self, origin=origin)
