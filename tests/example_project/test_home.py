import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_home_page_leads_through_the_three_steps(client: Client) -> None:
    page = client.get("/").content.decode()
    for destination in ("/tienda/", "/auth/v1/mis-aplicaciones/", "http://testserver/api/v1/products/"):
        assert destination in page


def test_the_home_page_names_the_accounts_of_a_seeded_site(client: Client, seeded: None) -> None:
    page = client.get("/").content.decode()
    for password in ("luis-demo", "ana-demo", "staff-demo"):
        assert password in page


def test_the_home_page_of_an_empty_site_tells_how_to_fill_it(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "manage.py seed_demo" in page
    assert "luis-demo" not in page


def test_pages_speak_spanish_unless_the_browser_asks_for_another_language(client: Client) -> None:
    assert "Tres pasos" in client.get("/").content.decode()
    assert "Three steps" in client.get("/", headers={"accept-language": "en"}).content.decode()


def test_every_page_carries_a_content_security_policy(client: Client) -> None:
    for path in ("/", "/cuentas/entrar/", "/tienda/", "/admin/login/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy


@pytest.mark.parametrize("username", ["ana", "luis", "staff"])
def test_the_accounts_sign_in_with_the_password_shown(client: Client, seeded: dict, username: str) -> None:
    answer = client.post("/cuentas/entrar/", seeded["accounts"][username])
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_signing_in_again_as_somebody_else_is_possible(client: Client, seeded: dict) -> None:
    client.post("/cuentas/entrar/", seeded["accounts"]["ana"])
    assert client.get("/cuentas/entrar/").status_code == 200


def test_signing_out_leads_home(client: Client, seeded: dict) -> None:
    client.post("/cuentas/entrar/", seeded["accounts"]["ana"])
    assert client.post("/cuentas/salir/")["Location"] == "/"
    assert "Iniciar sesión" in client.get("/").content.decode()


def test_the_short_link_for_devices_leads_to_their_page(client: Client) -> None:
    answer = client.get("/dispositivo/?user_code=BCDF-GHJK")
    assert (answer.status_code, answer["Location"]) == (302, "/auth/v1/device/?user_code=BCDF-GHJK")


@pytest.mark.parametrize(
    ("query", "onward"),
    [("", "/"), ("?next=/tienda/", "/tienda/"), ("?next=https://bad.example/", "/")],
)
def test_whoever_is_signed_in_may_go_on_without_signing_in(
    client: Client, seeded: dict, query: str, onward: str
) -> None:
    client.post("/cuentas/entrar/", seeded["accounts"]["luis"])
    page = client.get(f"/cuentas/entrar/{query}").content.decode()
    assert f'href="{onward}" data-action="go-on"' in page
    client.post("/cuentas/salir/")
    assert "go-on" not in client.get(f"/cuentas/entrar/{query}").content.decode()
