"""Nobody is sent on without a click to a client that registered itself and that staff has not verified."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from multinexo_oauth.models import Grant
from tests.conformance import proves
from tests.oauth import AUTHORIZE, answered

from .self_registered import published, stored

pytestmark = proves("self-registered-no-forwarding")
BACK = "https://agent.example/cb"
BAD = [
    ({"scope": "unknown:scope"}, "invalid_scope"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"code_challenge": None}, "invalid_request"),
    ({"prompt": "none"}, "consent_required"),
    ({"prompt": "none", "max_age": "0"}, "login_required"),
]


@pytest.fixture(autouse=True)
def with_documents(settings):
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"CLIENT_ID_METADATA_DOCUMENTS": True}


@pytest.fixture(params=["registered", "by its document"])
def client(db, request):
    return stored(**(published() if request.param == "by its document" else {}))


def way_back(page):
    """Return where the link of the page leads, and the client hears the same as by a redirect."""
    assert page.status_code == 400
    assert "Location" not in page
    html = page.content.decode()
    assert "No se autorizó nada" in html
    assert "Volver a agent.example" in html
    return unescape(re.search(r'href="([^"]+)" data-action="back"', html)[1])


def heard(address):
    """Return the error and the state that a client hears where it reads, in the query or in the fragment."""
    parts = urlsplit(address)
    assert parts._replace(query="", fragment="").geturl() == BACK
    told = parse_qs(parts.query or parts.fragment)
    return told["error"][0], told["state"][0]


@pytest.mark.parametrize(("changes", "error"), BAD)
def test_a_request_that_is_refused_shows_a_page_with_a_link(person, client, changes, error):
    page = person.visit(client, **changes)
    address = way_back(page)
    assert heard(address) == (error, "a state")
    assert f"<code>{error}</code>" in page.content.decode()


@pytest.mark.parametrize("asked", [{}, {"scope": "unknown:scope"}, {"max_age": "0"}])
def test_a_link_without_a_page_shows_one_to_who_is_signed_out(client, asked):
    page = Client().get(AUTHORIZE, client.request(prompt="none", **asked))
    assert way_back(page).startswith(f"{BACK}?error=")


def test_an_answer_by_a_form_waits_for_a_button(person, client):
    page = person.visit(client, prompt="none", response_mode="form_post")
    html = page.content.decode()
    assert page.status_code == 400
    assert "submit.js" not in html
    assert f'<form method="post" action="{BACK}">' in html
    assert '<input type="hidden" name="error" value="consent_required">' in html
    assert "form-action https://agent.example" in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "strict-origin"


def test_after_a_click_on_the_consent_page_the_answer_goes_on(person, client):
    assert "code" in answered(person.decide(person.visit(client)))
    assert answered(person.decide(person.visit(client), "deny"))["error"] == "access_denied"


def test_what_was_granted_before_is_not_granted_again_in_silence(person, client):
    person.consent(client)
    Grant.objects.all().delete()
    assert person.visit(client).status_code == 200
    way_back(person.visit(client, prompt="none"))
    assert not Grant.objects.exists()


@pytest.mark.parametrize(("changes", "error"), BAD)
def test_one_that_staff_verified_is_answered_at_once(person, client, changes, error):
    client.application.verified = True
    client.application.save()
    assert heard(person.visit(client, **changes)["Location"]) == (error, "a state")


def test_one_of_an_owner_is_answered_at_once(person, web):
    assert answered(person.visit(web, prompt="none"))["error"] == "consent_required"
