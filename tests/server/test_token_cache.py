"""A site may name a cache that remembers good access tokens."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from multinexo_oauth.ending.applications import revoke_application
from multinexo_oauth.ending.consents import remove_consent, withdraw_scopes
from multinexo_oauth.models import AccessToken, Application, Consent
from multinexo_oauth.server.bearer.token import find_bearer
from multinexo_oauth.storage import token_cache
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import PRODUCTS, OAuthClient, Person, Products


@pytest.fixture(autouse=True)
def cache(settings: Any) -> Any:
    settings.CACHES = settings.CACHES | {
        "tokens": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tokens"}
    }
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    caches["tokens"].clear()
    return caches["tokens"]


@pytest.fixture
def token(tokens: dict[str, Any]) -> str:
    return tokens["access_token"]


def called(token: str) -> int:
    return Products().list(token).status_code


@proves("cache-none")
def test_a_good_token_is_looked_up_once(token: str, django_assert_num_queries: Any) -> None:
    assert find_bearer(token) is not None
    with django_assert_num_queries(0):
        found = find_bearer(token)
    row = AccessToken.objects.get()
    assert found is not None
    assert found.scopes == {"products:read", "products:write"}
    assert (found.expires, found.family, found.user_id) == (row.expires, row.family, row.user_id)
    assert found.client_id == row.application.client_id


@proves("cache-none")
def test_its_person_and_its_application_are_loaded_when_looked_at(
    token: str, person: Person, web: OAuthClient, django_assert_num_queries: Any
) -> None:
    find_bearer(token)
    found = find_bearer(token)
    assert found is not None
    with django_assert_num_queries(1):
        assert found.request_user == person.user
        assert found.request_user.is_authenticated
    with django_assert_num_queries(1):
        assert found.application == web.application


@proves("cache-none")
def test_without_a_cache_each_call_asks_the_database(
    token: str, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": None}
    find_bearer(token)
    with django_assert_num_queries(1):
        find_bearer(token)


@proves("cache-none")
def test_a_token_is_believed_no_longer_than_it_lives(token: str) -> None:
    soon = timezone.now() + timedelta(seconds=1)
    AccessToken.objects.update(expires=soon)
    assert called(token) == 200
    time.sleep((soon - timezone.now()).total_seconds())
    assert called(token) == 401


def revoke(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    assert web.revoke(tokens["refresh_token"]).status_code == 200


def reuse_the_refresh_token(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    # A confidential client's is replaced where the site says so.
    site = {**settings.MULTINEXO_OAUTH, "REFRESH_ROTATION": "all", "REFRESH_GRACE_SECONDS": 0}
    with override_settings(MULTINEXO_OAUTH=site):
        web.refresh(tokens["refresh_token"])
        assert web.refresh(tokens["refresh_token"]).status_code == 400


def remove_the_consent(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    remove_consent(Consent.objects.get())


def suspend(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    web.application.suspend()


def deactivate(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    person.user.is_active = False
    person.user.save()


def delete_the_application(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    web.application.delete()


def delete_the_person(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    person.user.delete()


def end_the_application(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    revoke_application(web.application)


def withdraw_a_permission(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    withdraw_scopes(Consent.objects.get(), ["products:read"])


def delete_the_applications(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    Application.objects.all().delete()


def delete_the_rows(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    AccessToken.objects.all().delete()


def delete_the_row(person: Person, web: OAuthClient, tokens: dict[str, Any]) -> None:
    AccessToken.objects.get().delete()


@proves("cache-ended")
@pytest.mark.parametrize(
    "end",
    [
        revoke,
        reuse_the_refresh_token,
        remove_the_consent,
        suspend,
        deactivate,
        delete_the_application,
        delete_the_person,
        end_the_application,
        withdraw_a_permission,
        delete_the_applications,
        delete_the_rows,
        delete_the_row,
    ],
)
def test_what_ends_a_token_is_seen_by_the_next_request(
    person: Person, web: OAuthClient, tokens: dict[str, Any], end: Callable[..., None]
) -> None:
    assert called(tokens["access_token"]) == 200
    assert called(tokens["access_token"]) == 200
    end(person, web, tokens)
    assert called(tokens["access_token"]) == 401
    assert called(tokens["access_token"]) == 401


@proves("cache-ended")
def test_a_reactivated_applications_token_works_again(web: OAuthClient, token: str) -> None:
    assert called(token) == 200
    web.application.suspend()
    assert called(token) == 401
    web.application.reactivate()
    assert called(token) == 200


@proves("cache-race")
def test_a_read_racing_a_revocation_does_not_recache_the_token(
    web: OAuthClient, tokens: dict[str, Any]
) -> None:
    found = find_bearer(tokens["access_token"])
    caches["tokens"].clear()
    web.revoke(tokens["refresh_token"])
    # What a reader that was slower than the revocation does last.
    checksum = digest(tokens["access_token"])
    token_cache.add(checksum, (found.application_id,), 900)
    assert token_cache.get(checksum) is None
    assert called(tokens["access_token"]) == 401


@proves("cache-race")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [delete_the_row, end_the_application, remove_the_consent])
def test_a_revocation_that_is_committed_late_does_not_leave_what_was_remembered_meanwhile(
    person: Person, web: OAuthClient, tokens: dict[str, Any], settings: Any, end: Callable[..., None]
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE_SECONDS": 1}
    checksum = digest(tokens["access_token"])
    find_bearer(tokens["access_token"])
    entry = token_cache.get(checksum)
    assert entry is not None
    with transaction.atomic():
        end(person, web, tokens)
        time.sleep(1.1)
        # What a reader does for whom the token is still there.
        token_cache.add(checksum, entry, 900)
        assert token_cache.get(checksum) == entry
    assert called(tokens["access_token"]) == 401


@proves("cache-ended")
def test_a_revocation_that_is_taken_back_changes_nothing(
    person: Person, web: OAuthClient, tokens: dict[str, Any]
) -> None:
    assert called(tokens["access_token"]) == 200
    with transaction.atomic():
        remove_the_consent(person, web, tokens)
        transaction.set_rollback(True)
    assert called(tokens["access_token"]) == 200


@proves("cache-ended")
def test_a_lazy_person_who_is_gone_is_nobody(person: Person, token: str) -> None:
    find_bearer(token)
    found = find_bearer(token)
    type(person.user).objects.update(is_active=False)  # past every signal
    assert found is not None
    assert not found.request_user.is_authenticated


@proves("cache-none")
def test_nothing_in_the_cache_is_a_credential(token: str, cache: Any) -> None:
    assert Client().get(PRODUCTS, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    kept = repr(cache._cache)
    assert digest(token) in kept
    assert token not in kept
