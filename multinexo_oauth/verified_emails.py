"""Whether a person's e-mail address is verified (OpenID Connect Core section 5.1, `email_verified`)."""

from typing import Any

from django.apps import apps

from .conf import conf

ALLAUTH = "allauth.account"


def are_known() -> bool:
    """Tell whether the site can know it, by django-allauth or by EMAIL_VERIFIED."""
    return apps.is_installed(ALLAUTH) or conf.email_verified is not None


def find(user: Any, email: str) -> bool | None:
    """Return whether a person's address is verified, or None where nobody knows. One query, where allauth is asked."""
    verified = _by_allauth(user, email) if apps.is_installed(ALLAUTH) else None
    return _by_setting(user) if verified is None else verified


def _by_allauth(user: Any, email: str) -> bool | None:
    """Return what allauth knows of an address, which it keeps in lower case."""
    email = email.lower()
    addresses = apps.get_app_config("account").get_model("EmailAddress")._default_manager
    found = addresses.filter(user_id=user.pk, email=email)
    # Compared here as well: to some databases `ana` and `aná` are equal.
    return dict(found.values_list("email", "verified")).get(email)


def _by_setting(user: Any) -> bool | None:
    known = conf.email_verified
    if known is None or isinstance(known, bool):
        return known
    found = known(user)
    return None if found is None else bool(found)
