"""What a site decides: one class, whose methods a site overrides in a class of its own that `POLICY` names.

`docs/policy.md` has an example of each method.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.module_loading import import_string
from oauth2_provider.settings import oauth2_settings

from . import verified_emails
from .conf import conf

if TYPE_CHECKING:
    from .models import Application


class Policy:
    """The decisions of a site that changes none. A user is an instance of the site's user model, and active."""

    def may_register(self, user: Any) -> bool:
        """Tell whether a person may register applications in Mis Aplicaciones. By default, as REGISTRATION says."""
        if conf.registration == "staff":
            return bool(getattr(user, "is_staff", False))
        if conf.registration == "permission":
            return bool(user.has_perm("multinexo_oauth.add_application"))
        return True

    def may_grant(self, user: Any, application: "Application", scope: str) -> bool:
        """Tell whether a person may grant an application a scope that it may ask for.

        The person is not asked for a scope that is refused here, and the application gets the others. It is asked
        whenever somebody authorizes; tokens that were issued before keep what was granted.
        """
        return True

    def may_skip_consent(self, user: Any, application: "Application", scopes: Collection[str]) -> bool:
        """Tell whether an application gets new scopes without asking the person. The consent is recorded all the same.

        By default, applications that a superuser has marked in the admin. It is never asked about applications that
        registered themselves and nobody verified, about redirects to a program of the person's own device (RFC 8252
        section 8.6), about devices, nor where the application asks for consent (`prompt=consent`).
        """
        return application.skip_authorization

    def login_url(
        self, request: HttpRequest, application: "Application", scopes: Collection[str]
    ) -> str | None:
        """Return where a signed-in person must go before granting the scopes, or None where this login suffices.

        It is a URL of the site, such as that of a second factor. It gets `next`, and sends the person back there.
        """
        return None

    def access_token_seconds(
        self, application: "Application", grant_type: str, scopes: Collection[str]
    ) -> int:
        """Return how many seconds a new access token lives. By default ACCESS_TOKEN_EXPIRE_SECONDS."""
        seconds: int = oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS
        return seconds

    def refresh_token_seconds(self, application: "Application", scopes: Collection[str]) -> int | None:
        """Return how many seconds a new family of refresh tokens lives; None for no limit.

        By default REFRESH_LIFETIME_SECONDS.
        """
        return conf.refresh_lifetime_seconds

    def subject(self, user: Any) -> str:
        """Return the `sub` of a person: at most 255 ASCII characters, never another person's (OpenID Connect Core 2).

        Applications know people by it, so it must not change. By default the primary key.
        """
        return str(user.pk)

    def claims(self, user: Any, scopes: frozenset[str]) -> Mapping[str, Any]:
        """Return claims that an application with the scopes gets beside those of `profile` and `email`.

        By default those of the function that CLAIMS names.
        """
        found: Mapping[str, Any] = conf.claims(user, scopes) if conf.claims else {}
        return found

    def claims_supported(self) -> Collection[str]:
        """Return the names of the claims that `claims` adds, for discovery. By default CLAIMS_SUPPORTED."""
        return conf.claims_supported

    def email_verified(self, user: Any, email: str) -> bool | None:
        """Return whether an e-mail address is known to be the person's; None where nobody knows.

        By default what django-allauth knows, where it is installed, and otherwise what EMAIL_VERIFIED says.
        """
        return verified_emails.find(user, email)

    def brand_name(self, request: HttpRequest | None = None) -> str:
        """Return what pages and messages call the site; messages have no request. By default BRAND_NAME."""
        return conf.brand_name

    def email_sender(self, user: Any) -> str | None:
        """Return the From address of messages to a person; None, the default, for DEFAULT_FROM_EMAIL."""
        return None

    def owner_sees(self, action: str) -> bool:
        """Tell whether owners read events of an action, such as `throttled`, under Actividad. Staff reads them all."""
        return True


def policy() -> Policy:
    """Return the site's decisions."""
    return _policy(conf.policy)


@lru_cache
def _policy(path: str) -> Policy:
    found: Policy = import_string(path)()
    return found
