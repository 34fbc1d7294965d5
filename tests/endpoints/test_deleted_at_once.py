"""Applications and accounts that are deleted while programs go on asking for tokens: they go, and nothing fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from django.test import Client

from multinexo_oauth.models import AccessToken, Application, RefreshToken
from tests.at_once import at_once, until_waiting
from tests.conformance import proves
from tests.registration import client_of, manage, registered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
    proves("never-a-server-error"),
]


def aside(threads: ThreadPoolExecutor, call: Callable[[], Any]) -> Any:
    def closing() -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    return threads.submit(closing)


def one_behind_the_other(row: Any, *calls: Callable[[], Any]) -> list[Any]:
    """Make the calls while a row that each of them needs is held, each once the one before it waits for it."""
    with ThreadPoolExecutor(len(calls)) as threads:
        answers = []
        with transaction.atomic():
            type(row).objects.select_for_update().get(pk=row.pk)
            for call in calls:
                answers.append(aside(threads, call))
                until_waiting(len(answers))
        return [answer.result() for answer in answers]


def page(owner: User, application: Application) -> Callable[[], Any]:
    browser = Client()
    browser.force_login(owner)
    address = f"/auth/v1/mis-aplicaciones/{application.client_id}/eliminar/"
    return lambda: browser.post(address, {"name": application.name})


def admin(owner: User, application: Application) -> Callable[[], Any]:
    User.objects.filter(pk=owner.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(owner)
    address = f"/admin/multinexo_oauth/application/{application.pk}/delete/"
    return lambda: browser.post(address, {"post": "yes"})


@pytest.mark.parametrize("deleting", [page, admin])
def test_an_application_goes_though_it_gets_a_token_at_that_moment(owner, service, deleting):
    delete = deleting(owner, service.application)
    table = Application._meta.db_table
    asked: list[Any] = []

    def meanwhile(execute, sql, *arguments):
        if sql.startswith("DELETE FROM") and table in sql.split("WHERE")[0] and not asked:
            asked.append(aside(threads, lambda: service.token("client_credentials")))
            wait(asked, timeout=1)
        return execute(sql, *arguments)

    with ThreadPoolExecutor(1) as threads:
        with connection.execute_wrapper(meanwhile):
            assert delete().status_code == 302
        answer = asked[0].result()
    assert not Application.objects.exists()
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


@pytest.mark.parametrize("deleting", [page, admin])
def test_an_application_that_several_delete_goes_once(owner, person, web, deleting):
    person.tokens(web)
    calls = [deleting(owner, web.application) for _ in range(6)]
    assert {answer.status_code for answer in at_once(calls)} <= {302, 404}
    assert not Application.objects.exists()


@pytest.mark.usefixtures("open_registration")
def test_a_client_that_removes_itself_goes_though_it_refreshes_at_that_moment(person):
    told = registered(scope="products:read")
    client = client_of(told)
    tokens = person.tokens(client, scope="products:read")
    refreshed, removed = one_behind_the_other(
        RefreshToken.objects.get(),
        lambda: client.refresh(tokens["refresh_token"]),
        lambda: manage("DELETE", told),
    )
    assert (refreshed.status_code, removed.status_code) == (200, 204)
    assert not Application.objects.exists()
    assert not AccessToken.objects.exists()


def test_an_account_goes_though_an_application_refreshes_at_that_moment(person, web, tokens):
    refreshed, _deleted = one_behind_the_other(
        RefreshToken.objects.get(), lambda: web.refresh(tokens["refresh_token"]), person.user.delete
    )
    assert refreshed.status_code == 200
    assert not User.objects.filter(username="luis").exists()
    assert not AccessToken.objects.exists()
