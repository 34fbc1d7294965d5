"""The page of a request whose redirect URI is not registered: what developers and owners learn from it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.oauth import AUTHORIZE, OAuthClient, Person
from tests.responses import ClientResponse

SENT = "https://web.example/calback?tenant=1"


def way(answer: ClientResponse) -> Any:
    """Return the address of the page's first link, or None."""
    ways = answer.context["ways"]
    return ways[0].url if ways else None


@proves("redirect-reported")
def test_the_page_names_the_application_and_shows_the_uri_that_was_sent(
    person: Person, web: OAuthClient
) -> None:
    answer = person.visit(web, redirect_uri=SENT)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert f"«{web.application.name}»" in html
    assert SENT in html
    assert way(answer) is None


@proves("redirect-reported")
@pytest.mark.parametrize(
    "sent", ["https://x.example/<script>alert(1)</script>", "javascript:alert(1)", "x\x00y", "ñ" * 5000]
)
def test_whatever_was_sent_is_text_of_bounded_length(person: Person, web: OAuthClient, sent: str) -> None:
    answer = person.visit(web, redirect_uri=sent)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "<script>alert" not in html
    assert f'href="{sent}' not in html
    assert "ñ" * 300 not in html


@proves("redirect-reported")
def test_the_owner_is_led_to_the_field_with_the_uri_filled_in_and_nothing_is_saved(
    owner: User, web: OAuthClient
) -> None:
    ana = Person(owner)
    link = way(ana.visit(web, redirect_uri=SENT))
    assert urlsplit(link).path == reverse("multinexo_oauth:application", args=[web.client_id])
    assert parse_qs(urlsplit(link).query) == {"redirect_uri": [SENT]}
    page = ana.browser.get(link)
    registered = web.application.redirect_uris
    assert page.context["form"]["redirect_uris"].value() == f"{registered}\n{SENT}"
    assert "no está guardada" in page.content.decode()
    assert Application.objects.get().redirect_uris == registered


def test_saving_the_form_registers_it(owner: User, web: OAuthClient) -> None:
    ana = Person(owner)
    link = way(ana.visit(web, redirect_uri=SENT))
    form = ana.browser.get(link).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    browser = Client()
    browser.force_login(owner)
    assert browser.post(link, data).status_code == 302
    assert SENT in Application.objects.get().redirect_uris.split()
    assert ana.visit(web, redirect_uri=SENT).status_code == 200


def test_a_stranger_with_the_link_gets_nothing(stranger: Person, person: Person, web: OAuthClient) -> None:
    address = reverse("multinexo_oauth:application", args=[web.client_id])
    assert person.browser.get(address, {"redirect_uri": SENT}).status_code == 404


@pytest.mark.parametrize("uri", ["", " ", "x y", "x\ny", "x\x00", "x" * 3000, "https://web.example/callback"])
def test_a_link_fills_in_one_new_line_at_most(owner: User, web: OAuthClient, uri: str) -> None:
    address = reverse("multinexo_oauth:application", args=[web.client_id])
    page = Person(owner).browser.get(address, {"redirect_uri": uri})
    assert page.status_code == 200
    assert page.context["form"]["redirect_uris"].value() == web.application.redirect_uris


@proves("redirect-reported")
@pytest.mark.parametrize("changes", [{}, {"prompt": "none"}, {"prompt": "login"}])
def test_somebody_who_is_signed_out_sees_the_page_without_the_link(
    web: OAuthClient, changes: dict[str, str]
) -> None:
    page = Client().get(AUTHORIZE, web.request(redirect_uri="https://evil.example/callback", **changes))
    assert page.status_code == 400
    assert "https://evil.example/callback" in page.content.decode()
    assert "id_redirect_uris" not in page.content.decode()
