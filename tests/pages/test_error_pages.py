"""What a page cannot answer is told on a page: in the same look, with the right status and a way on."""

import logging
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_script_prefix, set_script_prefix
from pytest_django import Settings

from example_project import urls as example
from tests.conformance import proves
from tests.oauth import AUTHORIZE, FORM, OAuthClient, Person
from tests.responses import ClientResponse

pytestmark = proves("pages-errors")
MINE = "/auth/v1/mis-aplicaciones/"
CONNECTED = "/auth/v1/aplicaciones-conectadas/"
DEVICE = "/auth/v1/device/"
LOGOUT = "/auth/v1/logout/"
SWITCH = "/auth/v1/cambiar-cuenta/"
PAGES = [AUTHORIZE, DEVICE, LOGOUT, SWITCH, MINE, CONNECTED, f"{CONNECTED}quitar-todas/"]


# The addresses of a site that names none of our pages for its own errors.
urlpatterns = example.urlpatterns


@pytest.fixture(autouse=True)
def no_pages_of_the_sites_own(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"


def told(answer: ClientResponse, status: int) -> str:
    """Return the words of an error's page, held against what all of them must be."""
    assert answer.status_code == status
    html = answer.content.decode()
    assert '<header class="header">' in html
    assert '<html lang="es">' in html
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    return html.partition("<main")[2]


def ways(html: str) -> list[str]:
    return re.findall(r'<a class="button[^"]*" href="([^"]+)"', html)


@pytest.mark.parametrize("path", PAGES)
def test_a_wrong_method_is_told_with_those_that_are_right(person: Person, path: str) -> None:
    person.browser.handler.enforce_csrf_checks = False
    answer = person.browser.put(path)
    assert ways(told(answer, 405)) == [MINE, CONNECTED]
    assert "PUT" not in answer["Allow"]
    assert "POST" in answer["Allow"] or "GET" in answer["Allow"]


@pytest.mark.django_db
def test_somebody_unknown_is_led_back_to_the_start() -> None:
    assert ways(told(Client().put(AUTHORIZE), 405)) == ["/"]


@pytest.mark.parametrize(
    "path", [f"{MINE}unknown/", f"{MINE}nueva/unknown/", f"{CONNECTED}unknown/", f"{MINE}x/eliminar/"]
)
def test_what_is_not_there_is_told(person: Person, path: str) -> None:
    assert ways(told(person.browser.get(path), 404)) == [MINE, CONNECTED]


def test_a_signed_out_visitor_is_not_told_about_other_accounts(person: Person, settings: Settings) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"SIGNING_KEYS": []}
    assert "otra cuenta" in told(person.browser.get(LOGOUT), 404)
    nobody = told(Client().get(LOGOUT), 404)
    assert "otra cuenta" not in nobody
    assert "account" not in nobody


def test_another_persons_application_looks_as_if_it_were_not_there(person: Person, web: OAuthClient) -> None:
    theirs = told(person.browser.get(f"{MINE}{web.client_id}/"), 404)
    assert theirs == told(person.browser.get(f"{MINE}unknown/"), 404)


def test_a_site_without_openid_connect_has_no_page_to_sign_out(person: Person, settings: Settings) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"SIGNING_KEYS": []}
    told(person.browser.get(LOGOUT), 404)


@pytest.mark.parametrize("path", [AUTHORIZE, DEVICE, LOGOUT, f"{MINE}nueva/web/"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"a=b&" * 1100),
        (FORM, b"a=" + b"x" * 3_000_000),
        (f"{FORM}; charset=nonsense", b"a=b"),
        ("multipart/form-data", b"no boundary"),
    ],
)
def test_what_cannot_be_read_is_told(person: Person, path: str, content_type: str, body: bytes) -> None:
    person.browser.get(DEVICE)  # which brings the cookie
    told(person.browser.generic("POST", path, body, content_type), 400)


def test_operators_still_hear_of_it(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    person.browser.get(DEVICE)
    with caplog.at_level(logging.ERROR, "django.security"):
        person.browser.post(DEVICE, b"a=b&" * 1100, content_type=FORM)
    assert [record.name for record in caplog.records] == ["django.security.TooManyFieldsSent"]


# Forms of another site, or of before


def page_of(person: Person, web: OAuthClient) -> tuple[str, dict[str, Any]]:
    """Return the address of a consent page and the form on it."""
    page = person.visit(web)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    signed = re.search(r'name="request" value="([^"]+)"', page.content.decode())[1]
    return page.wsgi_request.get_full_path(), {
        "csrfmiddlewaretoken": token,
        "request": signed,
        "decision": "allow",
    }


@proves("pages-csrf")
def test_a_page_from_before_somebody_signed_in_leads_back_to_itself(person: Person, web: OAuthClient) -> None:
    address, form = page_of(person, web)
    login = person.browser.get("/cuentas/entrar/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', login.content.decode())[1]
    credentials = {"username": "luis", "password": "secret-of-luis", "csrfmiddlewaretoken": token}
    assert person.browser.post("/cuentas/entrar/", credentials).status_code == 302
    page = f"http://testserver{address}"
    html = told(person.browser.post(address, form, headers={"Referer": page}), 403)
    assert [way.replace("&amp;", "&") for way in ways(html)] == [page]
    assert "Abrir la página de nuevo" in html
    assert person.browser.get(page).status_code == 200


@proves("pages-csrf", "authorize-csrf")
@pytest.mark.parametrize("path", [DEVICE, SWITCH, f"{MINE}nueva/web/", f"{CONNECTED}quitar-todas/"])
@pytest.mark.parametrize("own", [False, True], ids=["the site has no page", "the site names ours"])
def test_another_sites_form_does_nothing(person: Person, settings: Settings, path: str, own: bool) -> None:
    settings.CSRF_FAILURE_VIEW = (
        "multinexo_oauth.pages.errors.csrf_failure" if own else "django.views.csrf.csrf_failure"
    )
    answer = person.browser.post(path, {"name": "x"}, headers={"Referer": "https://evil.example/"})
    html = told(answer, 403)
    assert ways(html) == ["/"]
    assert "Abrir la página de nuevo" not in html


@proves("pages-csrf")
def test_a_sites_own_page_of_that_goes_first(person: Person, settings: Settings) -> None:
    settings.CSRF_FAILURE_VIEW = "tests.pages.test_error_pages.own_failure"
    assert person.browser.post(DEVICE, {}).content == b"the site's own"


def own_failure(request: Any, reason: str = "") -> HttpResponse:
    return HttpResponse("the site's own", status=403)


@proves("pages-csrf")
@pytest.mark.django_db
def test_a_browser_without_cookies_is_told_so() -> None:
    html = told(Client(enforce_csrf_checks=True).post(SWITCH, {"next": AUTHORIZE}), 403)
    assert "cookies" in html


@proves("pages-csrf")
def test_the_sites_other_addresses_may_have_the_same_pages(person: Person, settings: Settings) -> None:
    settings.ROOT_URLCONF = example.__name__
    settings.CSRF_FAILURE_VIEW = "multinexo_oauth.pages.errors.csrf_failure"
    told(person.browser.post("/cuentas/salir/"), 403)
    told(person.browser.get("/unknown/"), 404)
    told(Client().get("/", headers={"Host": "evil.example"}), 400)


def test_who_may_not_register_is_told(person: Person, settings: Settings) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"REGISTRATION": "permission"}
    told(person.browser.get(f"{MINE}nueva/"), 403)
    person.user.user_permissions.add(Permission.objects.get(codename="add_application"))
    assert person.browser.get(f"{MINE}nueva/").status_code == 200


@proves("never-a-server-error")
@pytest.mark.parametrize("encoding", ["unicode_escape", "utf-16", "utf-7", "ISO-8859-1"])
def test_a_request_in_another_encoding_is_read_as_utf_8(owner, encoding):
    """By the other encoding it could hold half a surrogate pair, which no database takes."""
    browser = Client()
    browser.force_login(owner)
    kind = f"text/plain; charset={encoding}"
    answer = browser.generic("GET", MINE, "x", kind, QUERY_STRING="q=%5Cud800")
    assert answer.status_code == 200
    assert answer.context["query"] == r"\ud800"


def test_under_a_path_of_its_host_the_start_is_the_sites(db: None) -> None:
    set_script_prefix("/tienda/")  # as WSGI's handler does of SCRIPT_NAME
    try:
        for page in ("/auth/v1/authorize/", "/auth/v1/logout/", "/auth/v1/cambiar-cuenta/"):
            html = Client().get(page).content.decode()
            assert 'class="brand" href="/tienda/"' in html
            assert 'href="/"' not in html
    finally:
        clear_script_prefix()
