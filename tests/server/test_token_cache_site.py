"""Two sites that share one cache share nothing that is in it."""

from typing import Any

import pytest
from django.core.cache import caches
from rest_framework.views import APIView

from multinexo_oauth.models import AccessToken
from multinexo_oauth.rest_framework.throttling import ApplicationRateThrottle
from multinexo_oauth.server.bearer.token import Bearer, find_bearer
from multinexo_oauth.storage import token_cache
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import OAuthClient, Products

pytestmark = proves("cache-site")
ENTRY: tuple[Any, ...] = (1, "client", 1, "products:read", [], "0" * 32, 2e9)


@pytest.fixture(autouse=True)
def shared(settings: Any) -> Any:
    settings.CACHES = settings.CACHES | {
        "tokens": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"}
    }
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    caches["tokens"].clear()
    return caches["tokens"]


def other_secret(settings: Any) -> None:
    settings.SECRET_KEY = "another site's"


def other_issuer(settings: Any) -> None:
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        "ISSUER": "https://staging.example.com/auth/v1",
    }


@pytest.mark.parametrize("become_other", [other_secret, other_issuer])
def test_a_token_of_another_site_opens_nothing(
    tokens: dict[str, Any], products: Products, settings: Any, become_other: Any
) -> None:
    token = tokens["access_token"]
    assert products.list(token).status_code == 200
    become_other(settings)
    AccessToken.objects.all()._raw_delete("default")  # The other site's database never had it.
    assert products.list(token).status_code == 401


def test_a_revocation_of_another_site_changes_nothing_here(
    tokens: dict[str, Any], products: Products, settings: Any, django_assert_num_queries: Any
) -> None:
    token = tokens["access_token"]
    assert products.list(token).status_code == 200
    mine = settings.SECRET_KEY
    settings.SECRET_KEY = "another site's"
    token_cache.bury([digest(token)])
    settings.SECRET_KEY = mine
    with django_assert_num_queries(0):
        assert find_bearer(token) is not None


def test_while_a_secret_key_is_replaced_a_revocation_reaches_processes_that_have_the_old_one(
    settings: Any,
) -> None:
    checksums = [digest(name) for name in ("one", "two")]
    old = settings.SECRET_KEY
    for checksum in checksums:
        token_cache.add(checksum, ENTRY, 60)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [old]
    token_cache.bury(checksums[:1])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = old, []
    assert [token_cache.get(checksum) for checksum in checksums] == [None, ENTRY]


def test_with_a_replaced_secret_key_the_database_answers(
    tokens: dict[str, Any], products: Products, settings: Any
) -> None:
    assert products.list(tokens["access_token"]).status_code == 200
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert products.list(tokens["access_token"]).status_code == 200


def test_the_cache_holds_no_digest_that_another_site_could_compute(
    tokens: dict[str, Any], products: Products, shared: Any
) -> None:
    products.list(tokens["access_token"])
    assert shared._cache
    assert not [key for key in shared._cache if digest(tokens["access_token"]) in key]


def test_tries_at_another_site_count_there_alone(service: OAuthClient, settings: Any) -> None:
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["tokens"]}
    limit = {**settings.MULTINEXO_OAUTH["THROTTLES"], "token": "1/min"}
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "THROTTLES": limit}
    assert [service.token("client_credentials").status_code for _ in range(2)] == [200, 429]
    settings.SECRET_KEY = "another site's"
    assert service.token("client_credentials").status_code == 200


def test_calls_at_another_site_count_there_alone(rf: Any, settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"application": "1/min"}}
    request = rf.get("/")
    request.auth = Bearer(*ENTRY)

    def allowed() -> bool:
        return ApplicationRateThrottle().allow_request(request, APIView())

    assert [allowed(), allowed()] == [True, False]
    settings.SECRET_KEY = "another site's"
    assert allowed()
