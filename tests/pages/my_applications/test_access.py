"""Who sees which page, with which headers, and what nonsense in an address leads to."""

from typing import Any

import pytest
from django.test import Client

from multinexo_oauth.models import Application, ClientSecret, Event
from tests.oauth import OAuthClient

from .conftest import GOOD, Developer, url

TABS = [
    "application",
    "application-credentials",
    "application-permissions",
    "application-brand",
    "application-activity",
]
PAGES = [*TABS, "application-delete"]
CHANGES: dict[str, dict[str, Any]] = {
    "application": {"name": "Robada", "redirect_uris": "https://eva.example/"},
    "application-permissions": {"scopes": ["documents:write"]},
    "application-brand": {"support_email": "eva@example.com"},
    "secret-issue": {},
    "application-delete": {"name": "Una web"},
}


@pytest.mark.parametrize("page", PAGES)
def test_the_owner_sees_it_and_nobody_else_does(
    ana: Developer, eva: Developer, nobody: Developer, web: OAuthClient, page: str
) -> None:
    assert ana.open(page, web).status_code == 200
    assert eva.open(page, web).status_code == 404
    answer = nobody.open(page, web)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/cuentas/entrar/?next=")


@pytest.mark.parametrize("page", CHANGES)
def test_a_stranger_changes_nothing(eva: Developer, nobody: Developer, web: OAuthClient, page: str) -> None:
    before = Application.objects.values().get()
    assert eva.send(page, web, **CHANGES[page]).status_code == 404
    assert nobody.send(page, web, **CHANGES[page]).status_code == 302
    assert Application.objects.values().get() == before
    assert ClientSecret.objects.live().count() == 1


def test_a_stranger_revokes_no_secret(eva: Developer, nobody: Developer, web: OAuthClient) -> None:
    secret = web.application.secrets.get()
    assert eva.open("secret-revoke", web, secret.pk).status_code == 404
    assert eva.send("secret-revoke", web, secret.pk).status_code == 404
    assert nobody.send("secret-revoke", web, secret.pk).status_code == 302
    assert web.application.secrets.live().exists()


def test_a_secret_is_found_under_its_own_application_alone(
    ana: Developer, web: OAuthClient, service: OAuthClient
) -> None:
    assert ana.send("secret-revoke", service, web.application.secrets.get().pk).status_code == 404
    assert web.application.secrets.live().exists()


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_stored_framed_or_runs_scripts_of_others(
    ana: Developer, web: OAuthClient, page: str
) -> None:
    answer = ana.open(page, web)
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    body = answer.content.decode()
    assert "<style" not in body
    assert " style=" not in body
    assert " onclick=" not in body


@pytest.mark.parametrize("page", [*CHANGES, "application-create"])
def test_a_change_without_the_csrf_token_is_refused(ana: Developer, web: OAuthClient, page: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana.user)
    target = "web" if page == "application-create" else web
    assert strict.post(url(page, target), CHANGES.get(page, GOOD["web"])).status_code == 403
    assert Application.objects.count() == 1


def test_visiting_changes_nothing(ana: Developer, web: OAuthClient) -> None:
    secret = web.application.secrets.get()
    events = Event.objects.count()
    pages: list[list[Any]] = [*([page] for page in PAGES), ["secret-issue"], ["secret-revoke", secret.pk]]
    for page, *rest in pages:
        assert ana.open(page, web, *rest).status_code in {200, 302}
    assert Application.objects.count() == web.application.secrets.live().count() == 1
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    "nonsense", ["%00", "no-such", "x" * 300, "%ff%fe", "%F0%9F%98%80", "a%20b", "%27%22%3Cscript%3E", "%0a"]
)
def test_an_address_that_makes_no_sense_is_not_found(ana: Developer, nonsense: str) -> None:
    for rest in (
        "",
        "credenciales/",
        "credenciales/generar/",
        "eliminar/",
        "actividad/",
        "credenciales/1/revocar/",
    ):
        address = f"/auth/v1/mis-aplicaciones/{nonsense}/{rest}"
        assert ana.browser.get(address).status_code == 404
        assert ana.browser.post(address).status_code in {404, 405}


@pytest.mark.parametrize("number", ["0", "9" * 25, "9" * 5000, "-1", "x"])
def test_a_secret_number_that_makes_no_sense_is_not_found(
    ana: Developer, web: OAuthClient, number: str
) -> None:
    answer = ana.browser.get(f"/auth/v1/mis-aplicaciones/{web.client_id}/credenciales/{number}/revocar/")
    assert answer.status_code == 404


@pytest.mark.parametrize("page", TABS)
def test_a_suspended_application_says_so_on_every_page(ana: Developer, web: OAuthClient, page: str) -> None:
    assert "notice--danger" not in ana.open(page, web).content.decode()
    web.application.suspend()
    assert "notice--danger" in ana.open(page, web).content.decode()
