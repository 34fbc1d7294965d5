"""Every client id has an address in the pages, and one alone."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from multinexo_oauth.models import Application, Consent

PAGE = "multinexo_oauth:connected-application"


@pytest.fixture
def let_in(db):
    """Return the browser of somebody who has let in a client of that id."""

    def let_in(client_id):
        user = User.objects.create_user("luis")
        application = Application.objects.create(kind="spa", name="Agente", client_id=client_id)
        Consent.record(user, application, ["products:read"])
        browser = Client()
        browser.force_login(user)
        return browser

    return let_in


@pytest.mark.parametrize(
    "client_id",
    [
        "plain",
        "~",
        "~cGxhaW4",
        "https://agent.example/client.json",
        "https://agent.example/quitar/",
        "https://agent.example/?q=%2F&x=1",
        "https://agent.example/" + "x" * 233,
    ],
)
def test_a_client_id_has_its_page(let_in, client_id):
    address = reverse(PAGE, args=[client_id])
    assert "//" not in address
    browser = let_in(client_id)
    assert browser.get(address).status_code == 200
    assert address in browser.get(reverse("multinexo_oauth:connected-applications")).content.decode()


@pytest.mark.parametrize("written", ["~cGxhaW4", "~", "~AA", "~w7E", "~cGxhaW4=", "~!!", "~IA", "~Cg"])
def test_an_address_that_no_client_id_is_written_as_is_not_found(let_in, written):
    address = reverse(PAGE, args=["x"]).replace("/x/", f"/{written}/")
    assert let_in("plain").get(address).status_code == 404
