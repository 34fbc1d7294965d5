"""Pages of an application that is deleted between the moment it is read and the moment something is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from multinexo_oauth.models import Application, ClientSecret, Event
from tests.conformance import proves
from tests.oauth import OAuthClient

pytestmark = proves("never-a-server-error")
PAGES = "/auth/v1/mis-aplicaciones"


@contextmanager
def deleted_before(statement: str, table: str) -> Iterator[None]:
    """Delete the application right before a request's first statement of a kind on a table."""
    waiting: list[Callable[[], Any]] = [lambda: Application.objects.get().delete()]

    def wrapper(execute: Any, sql: str, *args: Any) -> Any:
        if waiting and sql.startswith(statement) and table in sql.replace("`", '"').partition("WHERE")[0]:
            waiting.pop()()
        return execute(sql, *args)

    with connection.execute_wrapper(wrapper):
        yield
    assert not waiting, "nothing was written"


@pytest.fixture
def browser(owner: User) -> Client:
    browser = Client()
    browser.force_login(owner)
    return browser


@pytest.mark.parametrize(
    ("tab", "form"),
    [
        ("", {"name": "Otra", "redirect_uris": "https://web.example/callback"}),
        ("permisos/", {"scopes": ["products:read"]}),
        ("marca/", {"support_email": "ana@example.com"}),
    ],
)
def test_a_tab_is_not_found(browser: Client, web: OAuthClient, tab: str, form: dict[str, Any]) -> None:
    with deleted_before("UPDATE", "_application"):
        answer = browser.post(f"{PAGES}/{web.client_id}/{tab}", form)
    assert answer.status_code == 404


def test_a_new_secret_is_not_found(browser: Client, web: OAuthClient) -> None:
    answer = None
    # The statement that locks the application reads its key alone.
    with deleted_before("SELECT", '_application"."id" AS "pk"'):
        answer = browser.post(f"{PAGES}/{web.client_id}/credenciales/generar/", {"label": "x"})
    assert answer.status_code == 404


def test_a_secret_that_is_revoked_meanwhile_is_no_error(browser: Client, web: OAuthClient) -> None:
    secret = ClientSecret.objects.get()
    with deleted_before("UPDATE", "_clientsecret"):
        answer = browser.post(f"{PAGES}/{web.client_id}/credenciales/{secret.pk}/revocar/")
    assert answer.status_code in {302, 404}


def test_a_secret_of_a_deleted_application_is_revoked_without_an_error(web: OAuthClient) -> None:
    secret = ClientSecret.objects.get()
    Application.objects.get().delete()
    secret.revoke()
    assert not Event.objects.filter(action=Event.Action.SECRET_REVOKED).exists()


@pytest.mark.parametrize("act", ["suspend", "reactivate"])
def test_what_is_deleted_can_neither_be_suspended_nor_reactivated(web: OAuthClient, act: str) -> None:
    stale = Application.objects.get()
    Application.objects.get().delete()
    with pytest.raises(Application.DoesNotExist):
        getattr(stale, act)()
