"""The language that an application wishes for its person, where the site speaks it."""

import re

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from tests.conformance import proves
from tests.oauth import AUTHORIZE, OAuthClient, Person
from tests.responses import ClientResponse

pytestmark = proves("pages-languages")
LOGOUT = "/auth/v1/logout/"


def language(page: ClientResponse) -> str:
    """Return the language of a page, as its header and its markup say it."""
    said = re.search(r'<html lang="([^"]*)"', page.content.decode())[1]
    assert page["Content-Language"].lower() == said.lower()
    return said


@pytest.mark.parametrize(
    ("ui_locales", "spoken"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("EN", "en"),
        ("fr en es", "en"),
        ("es-AR en", "es"),
        ("pt-BR", "pt-BR"),
        ("pt-PT en", "pt-BR"),
        ("fr de", "es"),
        ("", "es"),
    ],
)
def test_the_consent_page_speaks_the_first_one_that_the_site_offers(
    person: Person, web: OAuthClient, ui_locales: str, spoken: str
) -> None:
    page = person.visit(web, ui_locales=ui_locales)
    assert language(page) == spoken
    words = {"en": "Use another account", "es": "Usar otra cuenta", "pt-BR": "Usar outra conta"}
    assert words[spoken] in page.content.decode()


def test_it_goes_before_the_persons_own_and_changes_nothing(person: Person, web: OAuthClient) -> None:
    own = {"Accept-Language": "es"}
    assert language(person.browser.get(AUTHORIZE, web.request(ui_locales="en"), headers=own)) == "en"
    assert language(person.browser.get(AUTHORIZE, web.request(), headers=own)) == "es"
    assert translation.get_language() == "es"
    assert "django_language" not in person.browser.cookies


def test_what_follows_the_page_speaks_it_too(person: Person, web: OAuthClient) -> None:
    page = person.visit(web, ui_locales="en")
    assert language(person.decide(page, scopes=[])) == "en"
    assert language(person.decide(page, request="stale")) == "en"


@pytest.mark.django_db
def test_so_does_the_page_to_sign_in(web: OAuthClient) -> None:
    answer = Client().get(AUTHORIZE, web.request(ui_locales="en"))
    page = Client().get(answer["Location"])
    assert language(page) == "en"
    assert "Sign in to continue." in page.content.decode()


def test_so_does_the_page_to_sign_in_as_another(person: Person, web: OAuthClient) -> None:
    page = person.visit(web, ui_locales="en", login_hint="luis")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    form = {"csrfmiddlewaretoken": token, "next": page.wsgi_request.get_full_path()}
    login = person.browser.get(person.browser.post("/auth/v1/cambiar-cuenta/", form)["Location"])
    assert language(login) == "en"
    assert 'value="luis"' not in login.content.decode()


def test_so_do_errors(person: Person, web: OAuthClient) -> None:
    assert language(person.visit(web, redirect_uri="https://evil.example/", ui_locales="en")) == "en"
    assert language(person.browser.put(f"{AUTHORIZE}?ui_locales=en")) == "en"


def test_so_do_pages_that_are_rendered_late(person: Person) -> None:
    assert language(person.browser.get("/auth/v1/aplicaciones-conectadas/?ui_locales=en")) == "en"


def test_so_do_the_pages_to_sign_out(person: Person) -> None:
    answer = Client().post(LOGOUT, {"ui_locales": "en", "state": "x"})
    page = person.browser.get(answer["Location"])
    assert language(page) == "en"
    forms = page.content.decode().partition("</header>")[2]
    fields = dict(
        re.findall(r'<input type="hidden" name="(request|csrfmiddlewaretoken)" value="([^"]+)"', forms)
    )
    action = re.search(r'<form method="post" action="([^"]+)"', forms)[1]
    assert language(person.browser.post(action, fields | {"decision": "stay"})) == "en"
    assert 'lang="en"' in Client().post(LOGOUT, {"ui_locales": "en", "client_id": "unknown"}).content.decode()


def test_a_language_without_texts_is_not_said_to_be_spoken(
    person: Person, web: OAuthClient, settings: Settings
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]
    page = person.visit(web, ui_locales="fr")
    assert '<html lang="es">' in page.content.decode()
    assert "Usar otra cuenta" in page.content.decode()


@pytest.mark.django_db
def test_the_metadata_say_which_ones_there_are(settings: Settings) -> None:
    settings.LANGUAGES = [("es", "Spanish"), ("pt-br", "Brazilian Portuguese")]
    document = Client().get("/auth/v1/.well-known/openid-configuration").json()
    assert document["ui_locales_supported"] == ["es", "pt-BR"]


@proves("never-a-server-error")
@pytest.mark.parametrize(
    "ui_locales", ["x" * 3000, "x " * 2000, "../../etc", "-", "_", "es_AR@euro", "ñ", "en;q=1"]
)
def test_an_invalid_language_tag_is_ignored(person: Person, web: OAuthClient, ui_locales: str) -> None:
    assert language(person.visit(web, ui_locales=ui_locales)) == "es"
