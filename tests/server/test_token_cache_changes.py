"""Whatever changes a token, or what it hangs on, by Django's models is seen by the next request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.cache import caches
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from multinexo_oauth.models import AccessToken, Application
from multinexo_oauth.server.bearer.token import find_bearer
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products

pytestmark = proves("cache-changed")


class SomeApplication(Application):
    """A site's own name for the model, declared after the app has started."""

    class Meta:
        proxy = True
        app_label = "elsewhere"


class SomeToken(AccessToken):
    class Meta:
        proxy = True
        app_label = "elsewhere"


class SomeUser(User):
    class Meta:
        proxy = True
        app_label = "elsewhere"


@pytest.fixture(autouse=True)
def cache(settings: Any) -> Any:
    settings.CACHES = settings.CACHES | {
        "tokens": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "changes"}
    }
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    caches["tokens"].clear()
    return caches["tokens"]


def past() -> Any:
    return timezone.now() - timedelta(seconds=1)


def save_as_suspended() -> None:
    application = Application.objects.get()
    application.suspended_at = timezone.now()
    application.save()


def save_a_proxy_as_suspended() -> None:
    application = SomeApplication.objects.get()
    application.suspended_at = timezone.now()
    application.save(update_fields=["suspended_at"])


def suspend_by_update() -> None:
    Application.objects.filter(suspended_at=None).update(suspended_at=timezone.now())


def suspend_by_an_expression() -> None:
    Application.objects.update(suspended_at=Now())


def suspend_in_bulk() -> None:
    application = Application.objects.get()
    application.suspended_at = timezone.now()
    Application.objects.bulk_update([application], ["suspended_at"])


def load_as_suspended() -> None:
    application = Application.objects.get()
    application.suspended_at = timezone.now()
    for loaded in serializers.deserialize("json", serializers.serialize("json", [application])):
        loaded.save()


def delete_a_proxy() -> None:
    SomeApplication.objects.get().delete()


def delete_proxies() -> None:
    SomeApplication.objects.all().delete()


def save_as_expired() -> None:
    token = AccessToken.objects.get()
    token.expires = past()
    token.save()


def save_a_proxy_as_expired() -> None:
    token = SomeToken.objects.get()
    token.expires = past()
    token.save(update_fields=["expires"])


def expire_by_update() -> None:
    AccessToken.objects.update(expires=past())


def expire_those_of_an_owner_by_update() -> None:
    AccessToken.objects.filter(application__user__username="ana").update(expires=past())


def expire_in_bulk() -> None:
    token = AccessToken.objects.get()
    token.expires = past()
    AccessToken.objects.bulk_update([token], ["expires"])


def delete_a_proxy_of_a_token() -> None:
    SomeToken.objects.get().delete()


def delete_live_ones() -> None:
    AccessToken.objects.live().delete()


def delete_those_of_an_owner() -> None:
    AccessToken.objects.filter(application__user__username="ana").delete()


def delete_by_the_user() -> None:
    User.objects.get(username="luis").multinexo_oauth_accesstoken.all().delete()


def save_a_proxy_as_inactive() -> None:
    user = SomeUser.objects.get(username="luis")
    user.is_active = False
    user.save()


def delete_a_proxy_of_a_user() -> None:
    SomeUser.objects.get(username="luis").delete()


@pytest.mark.parametrize(
    "end",
    [
        save_as_suspended,
        save_a_proxy_as_suspended,
        suspend_by_update,
        suspend_by_an_expression,
        suspend_in_bulk,
        load_as_suspended,
        delete_a_proxy,
        delete_proxies,
        save_as_expired,
        save_a_proxy_as_expired,
        expire_by_update,
        expire_those_of_an_owner_by_update,
        expire_in_bulk,
        delete_a_proxy_of_a_token,
        delete_live_ones,
        delete_those_of_an_owner,
        delete_by_the_user,
        save_a_proxy_as_inactive,
        delete_a_proxy_of_a_user,
    ],
)
def test_ended_tokens_are_refused_at_the_next_request(
    tokens: dict[str, Any], products: Products, end: Callable[[], None]
) -> None:
    assert products.list(tokens["access_token"]).status_code == 200
    end()
    assert products.list(tokens["access_token"]).status_code == 401


def save_fewer_scopes() -> None:
    token = AccessToken.objects.get()
    token.scope = "products:read"
    token.save(update_fields=["scope"])


def update_fewer_scopes() -> None:
    AccessToken.objects.filter(scope__contains="products:write").update(scope="products:read")


@pytest.mark.parametrize("narrow", [save_fewer_scopes, update_fewer_scopes])
def test_narrowed_tokens_open_less_at_the_next_request(
    tokens: dict[str, Any], products: Products, narrow: Callable[[], None]
) -> None:
    assert products.create(tokens["access_token"]).status_code == 201
    narrow()
    assert products.create(tokens["access_token"]).status_code == 403
    assert products.list(tokens["access_token"]).status_code == 200


def test_whose_it_is_now_is_seen_at_the_next_request(tokens: dict[str, Any], stranger: Person) -> None:
    find_bearer(tokens["access_token"])
    AccessToken.objects.update(user=stranger.user)
    found = find_bearer(tokens["access_token"])
    assert found is not None
    assert found.user_id == stranger.user.pk


def test_a_noted_use_leaves_the_entry_where_it_is(
    tokens: dict[str, Any], django_assert_num_queries: Any
) -> None:
    find_bearer(tokens["access_token"])
    AccessToken.objects.update(last_used_at=timezone.now())
    with django_assert_num_queries(0):
        assert find_bearer(tokens["access_token"]) is not None


def test_an_application_that_is_merely_edited_leaves_the_entries_where_they_are(
    web: OAuthClient, tokens: dict[str, Any], django_assert_num_queries: Any
) -> None:
    find_bearer(tokens["access_token"])
    web.application.name = "Otra"
    web.application.save()
    with django_assert_num_queries(0):
        assert find_bearer(tokens["access_token"]) is not None


def test_an_exchange_buries_nothing(person: Person, web: OAuthClient, cache: Any) -> None:
    person.tokens(web)
    assert not cache._cache


def test_the_rows_of_others_stay(person: Person, stranger: Person, web: OAuthClient, cache: Any) -> None:
    mine, theirs = person.tokens(web)["access_token"], stranger.tokens(web)["access_token"]
    assert AccessToken.objects.filter(user=person.user).update(expires=past()) == 1
    assert AccessToken.objects.filter(user=person.user).delete() == (1, {AccessToken._meta.label: 1})
    assert find_bearer(mine) is None
    assert find_bearer(theirs) is not None


def test_no_manager_deletes_every_token() -> None:
    assert not hasattr(AccessToken.objects, "delete")


def test_without_a_cache_a_deletion_is_one_statement(tokens: dict[str, Any], settings: Any) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": None}
    with CaptureQueriesContext(connection) as captured:
        AccessToken.objects.all().delete()
    assert len([query for query in captured if "accesstoken" in query["sql"]]) == 1
