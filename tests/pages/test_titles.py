"""Each page has a title of its own, by which a person tells tabs apart."""

import html
import re

import pytest
from django.test import Client

from tests.conformance import proves
from tests.device import PAGE, enter, permissions_page, press, started
from tests.oauth import OAuthClient, Person
from tests.responses import ClientResponse

pytestmark = proves("pages-titles")
MINE = "/auth/v1/mis-aplicaciones/"
CONNECTED = "/auth/v1/aplicaciones-conectadas/"


def title(page: ClientResponse) -> str:
    assert page.status_code in {200, 400, 404}
    return html.unescape(re.search(r"<title>(.*?)</title>", page.content.decode())[1])


@pytest.fixture
def ana(web: OAuthClient) -> Client:
    browser = Client()
    browser.force_login(web.application.user)
    return browser


def own(ana: Client, web: OAuthClient) -> list[ClientResponse]:
    application = f"{MINE}{web.client_id}/"
    secret = web.application.secrets.get().pk
    tabs = ["", "credenciales/", "permisos/", "marca/", "actividad/"]
    others = ["eliminar/", f"credenciales/{secret}/revocar/"]
    pages = [MINE, f"{MINE}nueva/", f"{MINE}nueva/web/", f"{MINE}nueva/spa/", f"{MINE}unknown/"]
    issued = ana.post(f"{application}credenciales/generar/")
    return [
        *(ana.get(page) for page in pages),
        *(ana.get(application + page) for page in tabs + others),
        issued,
    ]


def connected(person: Person, web: OAuthClient) -> list[ClientResponse]:
    person.tokens(web)
    application = f"{CONNECTED}{web.client_id}/"
    pages = [CONNECTED, application, f"{application}quitar/", f"{application}permisos/"]
    return [person.browser.get(page) for page in pages]


def device(person: Person, device: OAuthClient) -> list[ClientResponse]:
    first, second = started(device)["user_code"], started(device)["user_code"]
    asked, denied = permissions_page(person, first), permissions_page(person, second)
    return [
        person.browser.get(PAGE),
        enter(person.browser, started(device)["user_code"]),
        asked,
        press(person.browser, asked, "allow"),
        press(person.browser, denied, "deny"),
        enter(person.browser, first),
        enter(person.browser, second),
    ]


def test_no_two_pages_have_the_same(
    ana: Client, person: Person, web: OAuthClient, request: pytest.FixtureRequest
) -> None:
    pages = own(ana, web) + connected(person, web) + device(person, request.getfixturevalue("device"))
    titles = [title(page) for page in pages]
    assert len(set(titles)) == len(titles), sorted(titles)
    assert all(name.endswith(" · Multinexo") for name in titles)


@pytest.mark.parametrize(
    ("tab", "label"),
    [
        ("", "Resumen"),
        ("credenciales/", "Credenciales"),
        ("permisos/", "Permisos"),
        ("marca/", "Marca"),
        ("actividad/", "Actividad"),
    ],
)
def test_a_tab_says_its_name_before_the_applications(
    ana: Client, web: OAuthClient, tab: str, label: str
) -> None:
    assert title(ana.get(f"{MINE}{web.client_id}/{tab}")) == f"{label} · Una web · Multinexo"
