"""Django writes the local variables of a failure's frames into its reports: a secret just made is in none of them."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.views.debug import ExceptionReporter

from multinexo_oauth.models import Application, ClientSecret, Event, Kind
from multinexo_oauth.storage.digest import digest
from tests.admin.pages import filled_in, issue_page
from tests.conformance import proves
from tests.oauth import OAuthClient
from tests.registration import JSON, REGISTER, good

pytestmark = [pytest.mark.django_db, proves("never-told")]
MINE = "/auth/v1/mis-aplicaciones/"
Send = Callable[[], Any]


@pytest.fixture
def browser(admin_user: Any, service: OAuthClient) -> Client:
    """The browser of a member of staff who owns the service."""
    Application.objects.update(user=admin_user)
    browser = Client(raise_request_exception=False)
    browser.force_login(admin_user)
    return browser


@pytest.fixture
def send(request: Any, browser: Client, service: OAuthClient, settings: Any) -> Send:
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        "DYNAMIC_REGISTRATION": "open",
        "SELF_REGISTERED_SCOPES": ["products:read"],
    }
    newest = service.application.secrets.get().pk
    metadata = json.dumps(good(token_endpoint_auth_method="client_secret_basic"))
    address, form = filled_in(browser, Kind.SERVICE, user=service.application.user.pk)
    calls: dict[str, Send] = {
        "owner registers": lambda: browser.post(
            f"{MINE}nueva/service/", {"name": "Otra", "scopes": ["products:read"]}
        ),
        "owner issues": lambda: browser.post(f"{MINE}{service.client_id}/credenciales/generar/", {}),
        "staff registers": lambda: browser.post(address, form),
        "staff issues": lambda: browser.post(issue_page(service.application), {"newest": newest}),
        "client registers": lambda: browser.post(REGISTER, metadata, content_type=JSON),
    }
    return calls[request.param]


@contextmanager
def seen() -> Iterator[tuple[list[str], list[str]]]:
    """Give the reports of what fails, and the digests of the secrets that were stored, also for a moment."""
    reports: list[str] = []
    digests: list[str] = []

    def report(sender: Any, request: Any, **kwargs: Any) -> None:
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if sql.startswith("INSERT") and ClientSecret._meta.db_table in sql:
            digests.extend(value for value in params if isinstance(value, str) and len(value) == 64)
        return execute(sql, params, *rest)

    got_request_exception.connect(report)
    try:
        with connection.execute_wrapper(note):
            yield reports, digests
    finally:
        got_request_exception.disconnect(report)


def check(answer: Any, reports: list[str], digests: list[str]) -> None:
    assert answer.status_code == 500
    assert len(reports) == len(digests) == 1
    values = re.findall(r"[\w-]{43}", reports[0])
    assert "RuntimeError" in reports[0]
    assert digests[0] not in map(digest, values)


@pytest.mark.parametrize(
    "send",
    ["owner registers", "owner issues", "staff registers", "staff issues", "client registers"],
    indirect=True,
)
def test_where_the_database_fails(send: Send) -> None:
    def fail(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if sql.startswith("INSERT") and Event._meta.db_table in sql and Event.Action.SECRET_ISSUED in params:
            raise RuntimeError
        return execute(sql, params, *rest)

    with seen() as (reports, digests), connection.execute_wrapper(fail):
        answer = send()
    check(answer, reports, digests)


@pytest.mark.parametrize(
    "send", ["owner registers", "owner issues", "staff registers", "staff issues"], indirect=True
)
def test_where_the_page_that_shows_it_fails(send: Send) -> None:
    def fail(sender: Any, template: Any, **kwargs: Any) -> None:
        if (template.name or "").endswith(("/secret.html", "/created.html")):
            raise RuntimeError

    template_rendered.connect(fail)
    try:
        with seen() as (reports, digests):
            answer = send()
    finally:
        template_rendered.disconnect(fail)
    check(answer, reports, digests)
