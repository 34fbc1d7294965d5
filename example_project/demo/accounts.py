"""The people of the demonstration. Their passwords are public: never seed a site that others can reach."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Account:
    username: str
    first_name: str
    password: str
    purpose: str | Promise
    is_superuser: bool = False


ACCOUNTS = (
    Account("luis", "Luis", "luis-demo", _("Uses applications: connect the shop as Luis.")),
    Account("ana", "Ana", "ana-demo", _("Develops applications: owns one of each kind.")),
    Account(
        "staff", "Staff", "staff-demo", _("Looks after the site and its administration."), is_superuser=True
    ),
)


def seed_accounts() -> dict[str, User]:
    """Return the people by name, each with the password that stands here."""
    return {account.username: _seed(account) for account in ACCOUNTS}


def _seed(account: Account) -> User:
    user, _created = get_user_model().objects.update_or_create(
        username=account.username,
        defaults={
            "first_name": account.first_name,
            "email": f"{account.username}@example.com",
            "is_active": True,
            "is_staff": account.is_superuser,
            "is_superuser": account.is_superuser,
        },
    )
    # A password set anew ends the person's sessions, so it is set only where it differs.
    if not user.check_password(account.password):
        user.set_password(account.password)
        user.save(update_fields=["password"])
    return user
