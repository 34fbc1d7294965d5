"""An application's last use of a person's account is noted at most hourly, and after the answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from multinexo_oauth.models import AccessToken, Application, Consent
from tests import device as devices
from tests.conformance import proves
from tests.oauth import PRODUCTS, OAuthClient, Person, Products

pytestmark = proves("last-use")


@pytest.fixture
def unused(tokens: dict[str, Any]) -> str:
    """A token that has called nothing since its grant, two hours ago."""
    long_ago = timezone.now() - timedelta(hours=2)
    Consent.objects.update(last_used_at=long_ago)
    AccessToken.objects.update(last_used_at=long_ago)
    return tokens["access_token"]


def last_use() -> Any:
    return Consent.objects.get().last_used_at


def recently() -> bool:
    return timezone.now() - last_use() < timedelta(minutes=1)


def updates(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if query["sql"].startswith("UPDATE")]


def test_an_exchange_is_a_use(person: Person, web: OAuthClient) -> None:
    code = person.consent(web)
    assert last_use() is None
    web.exchange(code)
    assert recently()


def test_a_device_that_gets_its_tokens_is_a_use(person: Person, device: OAuthClient) -> None:
    devices.tokens(person, device)
    assert recently()


def test_a_call_is_a_use(unused: str, products: Products) -> None:
    assert not recently()
    assert products.list(unused).status_code == 200
    assert recently()


def test_a_call_with_a_bad_token_is_none(unused: str, products: Products) -> None:
    AccessToken.objects.update(expires=timezone.now())
    assert products.list(unused).status_code == 401
    assert products.list("unknown").status_code == 401
    assert not recently()


def test_the_calls_that_follow_an_exchange_write_nothing(tokens: dict[str, Any], products: Products) -> None:
    with CaptureQueriesContext(connection) as captured:
        products.list(tokens["access_token"])
    assert updates(captured) == []


def test_a_refresh_is_a_use(web: OAuthClient, tokens: dict[str, Any], unused: str) -> None:
    assert web.refresh(tokens["refresh_token"]).status_code == 200
    assert recently()


def test_a_refresh_that_is_refused_is_none(web: OAuthClient, unused: str) -> None:
    assert web.refresh("unknown").status_code == 400
    assert not recently()


def test_it_is_noted_once_an_hour(unused: str, products: Products) -> None:
    noted = timezone.now() - timedelta(minutes=59)
    AccessToken.objects.update(last_used_at=noted)
    products.list(unused)
    assert not recently()
    AccessToken.objects.update(last_used_at=noted - timedelta(minutes=1))
    products.list(unused)
    assert recently()


def test_another_token_of_the_hour_changes_nothing(unused: str, products: Products) -> None:
    noted = timezone.now() - timedelta(minutes=30)
    Consent.objects.update(last_used_at=noted)
    products.list(unused)
    assert last_use() == noted


def test_it_is_the_persons_and_the_applications_own(
    person: Person, stranger: Person, web: OAuthClient, spa: OAuthClient, unused: str, products: Products
) -> None:
    theirs = stranger.consent(web), person.consent(spa)
    products.list(unused)
    assert len(theirs) == Consent.objects.filter(last_used_at=None).count()


def test_an_application_that_acts_for_itself_uses_nobodys_account(
    person: Person, service: OAuthClient, products: Products, unused: str
) -> None:
    token = service.token("client_credentials", scope="products:read").json()["access_token"]
    AccessToken.objects.update(last_used_at=timezone.now() - timedelta(hours=2))
    assert products.list(token).status_code == 200
    assert not recently()


def test_an_applications_own_last_use_is_that_of_its_tokens(service: OAuthClient, products: Products) -> None:
    def used_recently() -> bool:
        service.application.refresh_from_db()
        used = service.application.last_used_at
        return used is not None and timezone.now() - used < timedelta(minutes=1)

    long_ago = timezone.now() - timedelta(hours=2)
    assert not used_recently()
    token = service.token("client_credentials", scope="products:read").json()["access_token"]
    assert used_recently()
    for model in (AccessToken, Application):
        model.objects.update(last_used_at=long_ago)
    assert products.list(token).status_code == 200
    assert used_recently()


def test_it_outlives_the_token(service: OAuthClient) -> None:
    service.token("client_credentials", scope="products:read")
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=1))
    call_command("cleartokens", verbosity=0)
    service.application.refresh_from_db()
    assert not AccessToken.objects.exists()
    assert service.application.last_used_at is not None


@pytest.mark.django_db(transaction=True)
def test_the_answer_does_not_wait_for_it(unused: str) -> None:
    environ = RequestFactory().get(PRODUCTS, headers={"Authorization": f"Bearer {unused}"}).environ
    with CaptureQueriesContext(connection) as before:
        answer = get_wsgi_application()(environ, lambda *_started: lambda _written: None)
    assert updates(before) == []
    assert not recently()
    with CaptureQueriesContext(connection) as after:
        answer.close()
    assert len(updates(after)) == 3
    assert recently()


def test_a_later_call_of_the_hour_writes_nothing(unused: str, products: Products) -> None:
    products.list(unused)
    with CaptureQueriesContext(connection) as captured:
        products.list(unused)
    assert updates(captured) == []


def test_a_call_that_the_cache_answers_notes_nothing(unused: str, settings: Any, products: Products) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "default"}
    products.list(unused)
    long_ago = timezone.now() - timedelta(hours=2)
    AccessToken.objects.update(last_used_at=long_ago)
    products.list(unused)
    assert AccessToken.objects.get().last_used_at == long_ago


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_nothing_breaks_no_answer(
    unused: str, products: Products, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith("UPDATE"):
            raise OperationalError("read-only")
        return execute(sql, *args)

    with connection.execute_wrapper(refuse):
        assert products.list(unused).status_code == 200
    assert not recently()
    assert "could not be noted" in caplog.text
