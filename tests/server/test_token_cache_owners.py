"""Every token of an application or a person leaves the cache at once, however many there are."""

import time
from datetime import timedelta
from typing import Any, Literal

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from multinexo_oauth.ending import applications
from multinexo_oauth.models import AccessToken, Application, token
from multinexo_oauth.server.bearer.token import find_bearer
from multinexo_oauth.server.grants.local_token import create_token
from multinexo_oauth.storage import cache_keys, token_cache
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products
from tests.redis_server import Redis

pytestmark = [proves("cache-owner"), pytest.mark.django_db]
LOCAL = "django.core.cache.backends.locmem.LocMemCache"


@pytest.fixture(params=["local", "redis"])
def cache(request: pytest.FixtureRequest, settings: Any) -> Any:
    tokens = {"BACKEND": LOCAL, "LOCATION": "owners", "OPTIONS": {"MAX_ENTRIES": 10_000}}
    if request.param == "redis":
        server: Redis = request.getfixturevalue("redis")
        tokens = {"BACKEND": "multinexo_oauth.redis_cache.RedisCache", "LOCATION": server.url}
    settings.CACHES = settings.CACHES | {"tokens": tokens}
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    caches["tokens"].clear()
    return caches["tokens"]


def is_remembered(value: str) -> bool:
    return token_cache.get(digest(value)) is not None


@pytest.mark.parametrize("kind", ["application", "person"])
def test_an_owners_tokens_end_and_those_of_others_do_not(
    person: Person,
    stranger: Person,
    web: OAuthClient,
    spa: OAuthClient,
    cache: Any,
    kind: Literal["application", "person"],
) -> None:
    mine = create_token(person.user, "products:read", web.application)
    of_the_other = create_token(stranger.user, "products:read", spa.application)
    for value in (mine, of_the_other):
        find_bearer(value)
        assert is_remembered(value)
    pk = web.application.pk if kind == "application" else person.user.pk
    token_cache.bury_owner(kind, pk)
    assert not is_remembered(mine)
    assert is_remembered(of_the_other)
    # The database, which knows it still, answers.
    assert find_bearer(mine) is not None
    assert not is_remembered(mine)


def test_tokens_whose_rows_are_left_for_later_leave_the_cache_at_once(
    person: Person, web: OAuthClient, products: Products, cache: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they are for an application with very many of them."""
    value = person.tokens(web)["access_token"]
    assert products.list(value).status_code == 200
    assert is_remembered(value)
    monkeypatch.setattr(applications, "AT_ONCE", 0)
    applications.revoke_application(web.application)
    assert AccessToken.objects.exists()
    assert products.list(value).status_code == 401


def test_a_service_has_no_person(service: OAuthClient, cache: Any) -> None:
    value = create_token(None, "products:read", service.application)
    find_bearer(value)
    token_cache.bury_owner("person", 1)
    assert is_remembered(value)
    token_cache.bury_owner("application", service.application.pk)
    assert not is_remembered(value)


@pytest.mark.django_db(transaction=True)
def test_it_lasts_until_no_entry_of_before_is_left(
    person: Person, web: OAuthClient, cache: Any, settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE_SECONDS": 1}
    value = create_token(person.user, "products:read", web.application)
    with transaction.atomic():
        token_cache.bury_owner("application", web.application.pk)
        assert find_bearer(value) is not None
        assert not is_remembered(value)
        time.sleep(2.1)
        find_bearer(value)
        assert is_remembered(value)
    assert not is_remembered(value)


def test_who_read_the_database_before_and_is_slow_does_not_bring_it_back(
    person: Person, web: OAuthClient, cache: Any, settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE_SECONDS": 2}
    value = create_token(person.user, "products:read", web.application)
    find_bearer(value)
    entry = token_cache.get(digest(value))
    assert entry is not None
    cache.clear()
    token_cache.bury_owner("application", web.application.pk)
    time.sleep(1)
    token_cache.add(digest(value), entry, 60)
    time.sleep(1.5)
    assert not is_remembered(value)


def test_it_takes_the_same_few_commands_however_many_tokens_there_are(
    person: Person, web: OAuthClient, cache: Any
) -> None:
    now = timezone.now()
    AccessToken.objects.bulk_create(
        AccessToken(
            user=person.user,
            application=web.application,
            token_checksum=digest(str(number)),
            expires=now + timedelta(minutes=5),
        )
        for number in range(token.FEW + 1)
    )
    value = create_token(person.user, "products:read", web.application)
    find_bearer(value)
    with CaptureQueriesContext(transaction.get_connection()) as captured:
        Application.objects.get(pk=web.application.pk).suspend()
    assert Products().list(value).status_code == 401
    assert not is_remembered(value)
    # No digest of theirs was written one by one.
    assert cache.get(cache_keys.key("token", digest("1"))) is None
    assert len(captured) < 10


def test_few_are_ended_one_by_one(person: Person, web: OAuthClient, cache: Any) -> None:
    value = create_token(person.user, "products:read", web.application)
    find_bearer(value)
    web.application.suspend()
    assert cache.get(cache_keys.constant("ended")) is None
    assert not is_remembered(value)
