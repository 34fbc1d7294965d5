"""The shop where something goes wrong: it says so, and never breaks."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

from example_project.products.models import Product
from example_project.products.serializers import TOO_MUCH
from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Application, Consent
from tests.example_project.visitor import Visitor

CALLBACK = "/tienda/volver/"


def test_a_shop_without_credentials_explains_how_to_get_them(visitor: Visitor) -> None:
    page = visitor.open("/tienda/")
    assert page.status_code == 503
    assert "manage.py seed_demo" in visitor.text


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"client_id": "demo-web"}', "null", "not JSON"])
def test_a_credentials_file_that_cannot_be_read_is_as_none(
    visitor: Visitor, credentials_file: Path, content: str
) -> None:
    credentials_file.write_text(content)
    assert visitor.open("/tienda/").status_code == 503


def test_credentials_may_come_from_the_settings(visitor: Visitor, settings: Any) -> None:
    settings.TIENDA = {"client_id": "another", "client_secret": "a secret"}
    visitor.open("/tienda/")
    assert "client_id=another" in visitor.press_and_stop("connect")["Location"]


def test_a_person_who_refuses_is_told_that_nothing_happened(shop: Visitor) -> None:
    shop.press("connect")
    shop.sign_in("luis", "luis-demo")
    shop.press("deny")
    assert shop.path == "/tienda/"
    assert "Usted no autorizó a la tienda" in shop.text
    assert "Conectar con Multinexo" in shop.text


def asked_state(shop: Visitor) -> str:
    """Let the shop ask, and return the state of its request."""
    return parse_qs(urlsplit(shop.press_and_stop("connect")["Location"]).query)["state"][0]


def issuer(live_server: LiveServer) -> str:
    return f"{live_server.url}/auth/v1"


def test_an_answer_with_another_state_is_refused(shop: Visitor, live_server: LiveServer) -> None:
    asked_state(shop)
    shop.open(f"{CALLBACK}?{urlencode({'code': 'stolen', 'state': 'ñ', 'iss': issuer(live_server)})}")
    assert "no corresponde a ningún pedido" in shop.text


def test_an_answer_of_another_server_is_refused(shop: Visitor) -> None:
    answer = {"code": "a code", "state": asked_state(shop), "iss": "https://other.example"}
    shop.open(f"{CALLBACK}?{urlencode(answer)}")
    assert "no corresponde a ningún pedido" in shop.text


def test_an_answer_without_a_request_is_refused(shop: Visitor, live_server: LiveServer) -> None:
    shop.open(f"{CALLBACK}?{urlencode({'code': 'a code', 'state': '', 'iss': issuer(live_server)})}")
    assert "no corresponde a ningún pedido" in shop.text


@pytest.mark.parametrize("answer", [{"code": "unknown"}, {"code": ""}, {"error": "server_error"}, {}])
def test_an_answer_that_gives_no_tokens_leaves_the_shop_disconnected(
    shop: Visitor, live_server: LiveServer, answer: dict[str, str]
) -> None:
    answer = answer | {"state": asked_state(shop), "iss": issuer(live_server)}
    assert shop.open(f"{CALLBACK}?{urlencode(answer)}").status_code == 200
    assert "notice--" in shop.text
    assert "Conectar con Multinexo" in shop.text


def test_a_request_is_answered_once(connected: Visitor) -> None:
    callback = next(url for url in connected.trail if CALLBACK in url)
    connected.open(callback)
    assert "no corresponde a ningún pedido" in connected.text


def test_a_person_who_grants_reading_alone_sees_what_is_missing(shop: Visitor) -> None:
    shop.press("connect")
    shop.sign_in("luis", "luis-demo")
    shop.press("allow", scopes=["products:read"])
    assert "no a crearlos" in shop.text
    assert "Cree el primero" not in shop.text
    assert 'data-action="create-product"' not in shop.text


def test_the_api_refuses_a_product_that_was_not_authorized(connected: Visitor) -> None:
    page = connected.page
    connected.press("disconnect")
    remove_consent(Consent.objects.get())
    connected.press("connect")
    connected.press("allow", scopes=["products:read"])
    connected.page = page
    connected.press("create-product", name="Mate", sku="M-1", price="1", stock="1")
    assert "no autorizó a la tienda a crear productos" in connected.text
    assert not Product.objects.exists()


def test_a_product_that_is_not_complete_is_shown_again_with_its_problem(connected: Visitor) -> None:
    page = connected.press("create-product", name="Mate", sku="", price="-1", stock="1")
    assert page.status_code == 400
    assert connected.text.count('class="field__error"') == 2
    assert 'value="Mate"' in connected.text


@pytest.mark.parametrize("much", [{"stock": str(10**30)}, {"price": "1000000"}, {"price": str(10**20)}])
def test_a_problem_reported_by_the_api_is_shown_beside_its_field(
    connected: Visitor, much: dict[str, str]
) -> None:
    page = connected.press(
        "create-product", **{"name": "Mate", "sku": "M", "price": "1", "stock": "1"} | much
    )
    assert page.status_code == 400
    assert connected.text.count('class="field__error"') == 1
    assert str(TOO_MUCH) in connected.text


def test_access_that_the_person_removed_ends_the_connection(connected: Visitor) -> None:
    remove_consent(Consent.objects.get())
    connected.open("/tienda/")
    assert "El acceso terminó" in connected.text
    assert "Conectar con Multinexo" in connected.text


def test_a_refresh_after_the_access_was_removed_ends_the_connection(connected: Visitor) -> None:
    remove_consent(Consent.objects.get())
    connected.press("refresh")
    assert "El acceso terminó" in connected.text


def test_a_product_after_the_access_was_removed_is_not_created(connected: Visitor) -> None:
    remove_consent(Consent.objects.get())
    connected.press("create-product", name="Mate", sku="M-1", price="1", stock="1")
    assert "El acceso terminó" in connected.text
    assert not Product.objects.exists()


def test_a_suspended_shop_is_told_so(connected: Visitor) -> None:
    Application.objects.get(client_id="demo-web").suspend()
    assert connected.press("disconnect").status_code == 200
    assert "notice--" in connected.text


def test_a_server_that_does_not_answer_is_no_server_error(connected: Visitor) -> None:
    # Nothing listens there: the shop takes the server's address from the one it is opened under.
    assert connected.http.get("/tienda/", headers={"host": "127.0.0.1:9"}).status_code == 502


@pytest.mark.parametrize("path", ["conectar", "productos", "renovar", "desconectar"])
def test_what_changes_something_takes_a_post_with_a_csrf_token(shop: Visitor, path: str) -> None:
    assert shop.http.get(f"/tienda/{path}/").status_code == 405
    assert shop.http.post(f"/tienda/{path}/").status_code == 403


@pytest.mark.parametrize("action", ["create-product", "refresh", "disconnect"])
def test_pressing_a_button_of_a_page_that_is_out_of_date_leads_to_the_beginning(
    connected: Visitor, action: str
) -> None:
    page = connected.page
    connected.press("disconnect")
    connected.page = page
    assert connected.press(action, name="Mate", sku="M", price="1").status_code == 200
    assert "Conectar con Multinexo" in connected.text


@pytest.mark.parametrize("cookie", ["", "garbage", "\\000" * 8, "a" * 5000, "a" * 32])
def test_a_session_cookie_that_is_none_of_the_shop_is_ignored(shop: Visitor, cookie: str) -> None:
    page = shop.http.get("/tienda/", headers={"cookie": f'tienda="{cookie}"'})
    assert page.status_code == 200
