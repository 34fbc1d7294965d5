"""The shop's way through, from the first visit to a product in the person's account."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from example_project.products.models import Product
from multinexo_oauth.models import AccessToken, RefreshToken
from tests.example_project.visitor import Visitor


def test_a_visitor_is_asked_to_connect(shop: Visitor) -> None:
    assert shop.page.status_code == 200
    assert "Conectar con Multinexo" in shop.text


def test_connecting_asks_for_a_code_with_state_and_pkce(shop: Visitor) -> None:
    asked = parse_qs(urlsplit(shop.press_and_stop("connect")["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["client_id"] == ["demo-web"]
    assert asked["scope"] == ["products:read products:write"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) >= 16


def test_a_person_who_authorizes_is_back_at_the_shop_connected(connected: Visitor) -> None:
    assert connected.path == "/tienda/"
    assert "Conectada con Multinexo" in connected.text
    assert "Ver sus productos" in connected.text
    assert "Crear, cambiar y eliminar sus productos" in connected.text


def test_the_shop_creates_a_product_in_the_account_of_the_person(connected: Visitor) -> None:
    connected.press("create-product", name="Mate", sku="M-1", price="1200.50", stock="3")
    product = Product.objects.get()
    assert (product.owner.username, product.name, str(product.price)) == ("luis", "Mate", "1200.50")
    assert "1200,50" in connected.text
    assert "«Mate» se creó" in connected.text
    assert "M-1" in connected.text


def test_the_shop_gets_new_tokens_without_the_person(connected: Visitor) -> None:
    before = AccessToken.objects.get()
    connected.press("refresh")
    assert "tokens nuevos" in connected.text
    assert AccessToken.objects.exclude(pk=before.pk).count() == 1
    assert "Conectada con Multinexo" in connected.open("/tienda/").content.decode()


def test_a_person_who_narrowed_the_permissions_can_still_get_new_tokens(shop: Visitor) -> None:
    shop.press("connect")
    shop.sign_in("luis", "luis-demo")
    shop.press("allow", scopes=["products:read"])
    shop.press("refresh")
    assert "tokens nuevos" in shop.text


def test_disconnecting_ends_the_tokens_at_the_server(connected: Visitor) -> None:
    connected.press("disconnect")
    assert "Conectar con Multinexo" in connected.text
    assert not AccessToken.objects.live().exists()
    assert not RefreshToken.objects.live().exists()


def test_an_access_token_that_is_about_to_expire_is_renewed_by_itself(connected: Visitor) -> None:
    shop_session = session_of(connected)
    token = shop_session["token"]
    shop_session["token"] = token | {"expires_at": int((timezone.now() - timedelta(minutes=1)).timestamp())}
    shop_session.save()
    connected.open("/tienda/")
    assert "Conectada con Multinexo" in connected.text
    assert session_of(connected)["token"]["access_token"] != token["access_token"]


def test_the_shop_remembers_its_request_when_the_person_switches_account(shop: Visitor) -> None:
    shop.open("/cuentas/entrar/")
    shop.sign_in("ana", "ana-demo")
    shop.open("/tienda/")
    shop.press("connect")
    shop.press("switch-account")
    shop.sign_in("luis", "luis-demo")
    shop.press("allow")
    assert "Conectada con Multinexo" in shop.text


def test_the_session_of_the_shop_is_not_that_of_the_site(connected: Visitor) -> None:
    cookie = connected.http.cookies["tienda"]
    assert cookie["path"] == "/tienda/"
    assert cookie["httponly"]
    assert cookie.value != connected.http.cookies["sessionid"].value


def session_of(visitor: Visitor) -> SessionStore:
    return SessionStore(visitor.http.cookies["tienda"].value)
