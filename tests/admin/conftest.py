from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import (
    AccessToken,
    Application,
    ClientSecret,
    Consent,
    DeviceGrant,
    Event,
    Grant,
    Kind,
    RefreshToken,
)
from multinexo_oauth.storage.digest import digest

pytestmark = pytest.mark.django_db

ADDRESSES = {
    Kind.WEB: "https://shop.example.com/callback",
    Kind.SPA: "https://page.example.com/callback",
    Kind.NATIVE: "com.example.app:/callback",
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner(db):
    return User.objects.create_user("ana", "ana@example.com")


@pytest.fixture
def person(db):
    return User.objects.create_user("luis", "luis@example.com")


@pytest.fixture
def staff_user(db):
    return User.objects.create_superuser("staff", "staff@example.com")


@pytest.fixture
def staff(staff_user):
    return signed_in(staff_user)


@pytest.fixture
def viewer(db):
    """A member of staff who may look and nothing else."""
    return staff_who_may("view")


def staff_who_may(*prefixes: str) -> Client:
    """Return the browser of a member of staff whose permissions on our models start so."""
    user = User.objects.create_user("-".join(prefixes), is_staff=True)
    for prefix in prefixes:
        user.user_permissions.add(
            *Permission.objects.filter(
                content_type__app_label="multinexo_oauth", codename__startswith=f"{prefix}_"
            )
        )
    return signed_in(user)


@pytest.fixture
def register(owner):
    """Make an application of a kind, straight in the database."""

    def make(kind: Kind = Kind.WEB, name: str = "Tienda", **values) -> Application:
        values = {
            "user": owner,
            "redirect_uris": ADDRESSES.get(kind, ""),
            "scopes": "products:read",
            **values,
        }
        return Application.objects.create(name=name, kind=kind, **values)

    return make


@pytest.fixture
def application(register):
    return register()


def access_token(application: Application, user: User | None, value: str) -> AccessToken:
    return AccessToken.objects.create(
        application=application,
        user=user,
        token_checksum=digest(value),
        scope="products:read",
        expires=timezone.now() + timedelta(minutes=15),
    )


@pytest.fixture
def everything(application, person):
    """Plant one row of every model, each holding what must never be read."""
    soon = timezone.now() + timedelta(minutes=15)
    common = {"application": application, "user": person, "scope": "products:read", "expires": soon}
    secret, value = ClientSecret.issue(application, "production")
    application.registration_token = digest("planted-registration-token")
    application.save()
    rows = [
        application,
        secret,
        access_token(application, person, "planted-access-token"),
        RefreshToken.objects.create(**common, token_checksum=digest("planted-refresh-token")),
        Grant.objects.create(
            **common,
            code=digest("planted-code"),
            code_challenge="planted-challenge",
            code_challenge_method="S256",
            nonce="planted-nonce",
            redirect_uri=ADDRESSES[Kind.WEB],
        ),
        DeviceGrant.objects.create(
            client_id=application.client_id,
            device_code=digest("planted-device-code"),
            user_code=digest("planted-user-code"),
            user=person,
            expires=soon,
        ),
        Consent.record(person, application, ["products:read"]),
        Event.objects.latest("pk"),
    ]
    names = ("access-token", "refresh-token", "code", "device-code", "user-code", "registration-token")
    hidden = [value, secret.digest, "planted-challenge", "planted-nonce"]
    for name in names:
        hidden += [f"planted-{name}", digest(f"planted-{name}")]
    return SimpleNamespace(rows=rows, hidden=hidden)
