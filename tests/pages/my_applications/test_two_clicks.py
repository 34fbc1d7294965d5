"""Two clicks that reach the server at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from multinexo_oauth.models import Application, ClientSecret

from .conftest import GOOD, Developer, url

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row to wait for"),
]


def twice(developer: Developer, address: str, form: dict[str, object]) -> list[int]:
    """Send the form from two threads and return both answers' status."""

    def send(_number: int) -> int:
        browser = Client()
        browser.cookies = developer.browser.cookies
        try:
            return browser.post(address, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(send, range(2)))


def test_two_clicks_register_one_application(ana: Developer) -> None:
    opened = ana.open("application-create", "web").context["form"]
    form = GOOD["web"] | {"submission": opened["submission"].value()}
    assert twice(ana, url("application-create", "web"), form) == [200, 302]
    assert Application.objects.count() == ClientSecret.objects.count() == 1


def test_two_clicks_generate_one_secret(ana: Developer) -> None:
    ana.register("web")
    application = Application.objects.get()
    newest = ana.open("application-credentials", application).context["form"]["newest"].value()
    assert twice(ana, url("secret-issue", application), {"newest": newest}) == [200, 302]
    assert application.secrets.count() == 2
