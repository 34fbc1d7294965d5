"""Applications with more tokens than one request ends: everything ends at once, and `cleartokens` does the rest."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from multinexo_oauth.ending import applications
from multinexo_oauth.models import (
    AccessToken,
    Application,
    Consent,
    DeviceGrant,
    Event,
    Grant,
    RefreshToken,
)
from multinexo_oauth.storage.digest import digest
from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products

pytestmark = proves("ending-many")
MANY = applications.AT_ONCE + 10
Tokens = dict[str, Any]


def give_many(application: Application, user: User) -> None:
    """Store more tokens than one request ends, older than those of the tests."""
    expires = timezone.now() + timedelta(hours=1)
    AccessToken.objects.bulk_create(
        AccessToken(
            application=application, user=user, token_checksum=digest(f"old {number}"), expires=expires
        )
        for number in range(MANY)
    )
    RefreshToken.objects.bulk_create(
        RefreshToken(application=application, user=user, token_checksum=digest(f"old refresh {number}"))
        for number in range(MANY)
    )


def staff(owner: User) -> Client:
    User.objects.filter(pk=owner.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(owner)
    return browser


def revoke_all(owner: User, application: Application) -> None:
    form = {"action": "revoke_tokens", "_selected_action": [application.pk], "confirmed": "1"}
    answer = staff(owner).post("/admin/multinexo_oauth/application/", form)
    assert answer.status_code == 302


def delete_by_page(owner: User, application: Application) -> None:
    browser = Client()
    browser.force_login(owner)
    path = f"/auth/v1/mis-aplicaciones/{application.client_id}/eliminar/"
    assert browser.post(path, {"name": application.name}).status_code == 302


def delete_by_admin(owner: User, application: Application) -> None:
    path = f"/admin/multinexo_oauth/application/{application.pk}/delete/"
    assert staff(owner).post(path, {"post": "yes"}).status_code == 302


DELETIONS = pytest.mark.parametrize("delete", [delete_by_page, delete_by_admin])
Deletion = Callable[[User, Application], None]


@pytest.fixture
def many(web: OAuthClient, person: Person) -> OAuthClient:
    give_many(web.application, person.user)
    return web


def test_staff_ends_every_token_and_those_issued_afterwards_are_good(
    owner: User, person: Person, many: OAuthClient, products: Products
) -> None:
    tokens = person.tokens(many)
    code = person.consent(many)
    revoke_all(owner, many.application)
    assert AccessToken.objects.exists(), "one request did not delete them all"
    assert products.list(tokens["access_token"]).status_code == 401
    assert many.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert many.exchange(code).json()["error"] == "invalid_grant"
    assert many.application.live_tokens() == 0
    newer = person.tokens(many)
    assert products.list(newer["access_token"]).status_code == 200
    call_command("cleartokens", verbosity=0)
    assert AccessToken.objects.get().token_checksum == digest(newer["access_token"])
    assert products.list(newer["access_token"]).status_code == 200
    assert many.refresh(newer["refresh_token"]).status_code == 200
    assert many.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_the_record_counts_what_ended(owner: User, person: Person, many: OAuthClient) -> None:
    person.tokens(many)
    revoke_all(owner, many.application)
    event = Event.objects.get(action=Event.Action.TOKENS_REVOKED)
    assert event.detail["tokens"] == 2 * MANY + 2


def test_ending_every_token_twice_ends_what_came_in_between(
    owner: User, person: Person, many: OAuthClient, products: Products
) -> None:
    revoke_all(owner, many.application)
    between = person.tokens(many)
    revoke_all(owner, many.application)
    assert products.list(between["access_token"]).status_code == 401
    call_command("cleartokens", verbosity=0)
    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.filter(revoked=None).exists()


def test_a_clean_up_that_dies_midway_is_finished_by_the_next_one(
    owner: User, person: Person, many: OAuthClient, products: Products
) -> None:
    tokens = person.tokens(many)
    revoke_all(owner, many.application)
    applications.sweep(many.application)
    assert products.list(tokens["access_token"]).status_code == 401
    call_command("cleartokens", verbosity=0)
    assert not AccessToken.objects.exists()


@DELETIONS
def test_a_deleted_application_is_gone_at_once_and_its_rows_later(
    owner: User, person: Person, many: OAuthClient, products: Products, delete: Deletion
) -> None:
    tokens = person.tokens(many)
    code = person.consent(many)
    delete(owner, many.application)
    assert AccessToken.objects.exists(), "one request did not delete them all"
    assert not Application.objects.exists()
    assert products.list(tokens["access_token"]).status_code == 401
    for answer in (many.refresh(tokens["refresh_token"]), many.exchange(code)):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert person.visit(many).status_code == 400
    connected = person.browser.get("/auth/v1/aplicaciones-conectadas/")
    assert many.application.name not in connected.content.decode()
    call_command("cleartokens", verbosity=0)
    for model in (AccessToken, RefreshToken, Grant, Consent):
        assert not model.objects.exists()
    assert not Application._base_manager.exists()
    assert Event.objects.filter(action=Event.Action.DELETED, application_name=many.application.name).exists()


@DELETIONS
def test_a_deleted_application_is_on_no_page_of_its_owner_nor_of_staff(
    owner: User, many: OAuthClient, delete: Deletion
) -> None:
    delete(owner, many.application)
    browser = staff(owner)
    for path in ("/auth/v1/mis-aplicaciones/", "/admin/multinexo_oauth/application/"):
        assert many.client_id not in browser.get(path).content.decode()
    tab = browser.get(f"/auth/v1/mis-aplicaciones/{many.client_id}/")
    assert tab.status_code == 404
    assert browser.get(f"/admin/multinexo_oauth/application/{many.application.pk}/change/").status_code == 302


def test_a_person_may_still_be_deleted(owner: User, person: Person, many: OAuthClient) -> None:
    person.tokens(many)
    delete_by_page(owner, many.application)
    person.user.delete()
    owner.delete()
    assert not User.objects.exists()
    assert not AccessToken.objects.exists()


def test_a_client_with_the_id_of_a_deleted_one_gets_nothing_of_its(
    owner: User, person: Person, device: OAuthClient
) -> None:
    give_many(device.application, person.user)
    codes = devices.started(device)
    devices.let_in(person, codes["user_code"])
    delete_by_page(owner, device.application)
    again = Application.objects.create(
        client_id=device.client_id, kind="device", name="Otra", user=owner, scopes="products:read"
    )
    poll = devices.poll(OAuthClient(again), codes["device_code"])
    assert poll.json()["error"] == "invalid_grant"
    assert not Consent.objects.for_client(again).exists()
    assert not DeviceGrant.objects.exists()
