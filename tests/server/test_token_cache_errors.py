"""A cache of tokens that is down, or keeps something else, changes no answer."""

from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache

from multinexo_oauth.server.grants.local_token import create_token
from multinexo_oauth.storage import cache_keys
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products


class Down(BaseCache):
    """A cache whose server does not answer."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        raise ConnectionError("nobody there")

    add = set = set_many = get


class Full(LocMemCache):
    """A cache that takes some of what it is given, and returns what it did not take, as Memcached's do."""

    def set_many(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> list[str]:
        return list(data)


@pytest.fixture
def backend() -> str:
    return "django.core.cache.backends.locmem.LocMemCache"


@pytest.fixture(autouse=True)
def site(settings: Any, backend: str) -> None:
    settings.CACHES = settings.CACHES | {"tokens": {"BACKEND": backend, "LOCATION": "errors"}}
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}


@proves("cache-down")
@pytest.mark.parametrize("backend", [f"{__name__}.Down"])
def test_a_cache_that_is_down(
    web: OAuthClient, tokens: dict[str, Any], products: Products, caplog: Any
) -> None:
    assert products.list(tokens["access_token"]).status_code == 200
    assert web.revoke(tokens["refresh_token"]).status_code == 200
    assert products.list(tokens["access_token"]).status_code == 401
    assert "A revocation did not reach the token cache" in caplog.text
    assert tokens["access_token"] not in caplog.text


@proves("cache-down", "cache-hangs")
@pytest.mark.parametrize("backend", [f"{__name__}.Full"])
def test_a_cache_that_takes_no_revocation_and_raises_nothing(
    web: OAuthClient, tokens: dict[str, Any], products: Products, caplog: Any
) -> None:
    assert products.list(tokens["access_token"]).status_code == 200
    assert web.revoke(tokens["refresh_token"]).status_code == 200
    assert "A revocation did not reach the token cache" in caplog.text
    assert products.list(tokens["access_token"]).status_code == 401


def key(token: str) -> str:
    return cache_keys.key("token", digest(token))


@proves("cache-down")
def test_something_else_under_a_tokens_key(tokens: dict[str, Any], products: Products) -> None:
    caches["tokens"].set(key(tokens["access_token"]), {"not": "ours"})
    assert products.list(tokens["access_token"]).status_code == 200


@proves("cache-down")
def test_another_tokens_entry_under_a_tokens_key(person: Person, products: Products) -> None:
    narrow, wide = (create_token(person.user, [scope]) for scope in ("products:read", "products:write"))
    assert products.create(wide).status_code == 201
    caches["tokens"].set(key(narrow), caches["tokens"].get(key(wide)))
    assert products.create(narrow).status_code == 403


@proves("cache-none")
def test_a_bad_token_is_not_remembered(products: Products, django_assert_num_queries: Any, db: None) -> None:
    for _ in range(2):
        with django_assert_num_queries(1):
            assert products.list("unknown").status_code == 401
