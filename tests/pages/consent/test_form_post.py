"""A client that asks for it gets its answer in a form that the person's browser posts."""

import html
import re

import pytest
from django.test import Client

from tests.conformance import proves
from tests.oauth import AUTHORIZE, register

pytestmark = proves("form-post")


def posted(page):
    """Return where the page's form goes and what it sends."""
    assert page.status_code == 200, page.content.decode()
    text = page.content.decode()
    form = re.search(r'<form method="post" action="([^"]+)" data-submit>(.*?)</form>', text, re.DOTALL)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[2])
    return html.unescape(form[1]), {name: html.unescape(value) for name, value in fields}


def form_action(page):
    return re.search(r"form-action ([^;]+)", page["Content-Security-Policy"])[1]


def test_a_code_arrives_with_the_state_and_the_issuer(person, web):
    page = person.visit(web, response_mode="form_post", state='Ñ & = # "<>')
    address, told = posted(person.decide(page))
    assert address == "https://web.example/callback"
    assert told.keys() == {"code", "state", "iss"}
    assert told["state"] == 'Ñ & = # "<>'
    assert told["iss"] == "http://testserver/auth/v1"
    assert web.exchange(told["code"]).status_code == 200


def test_a_remembered_consent_is_answered_so_too(person, web):
    person.consent(web)
    assert "code" in posted(person.visit(web, response_mode="form_post"))[1]


def test_without_a_state_none_is_sent(person, web):
    person.consent(web)
    assert "state" not in posted(person.visit(web, response_mode="form_post", state=None))[1]


def test_a_loopback_address_is_good_too(person, native):
    page = person.visit(native, redirect_uri="http://127.0.0.1:8123/callback", response_mode="form_post")
    answer = person.decide(page)
    assert posted(answer)[0] == "http://127.0.0.1:8123/callback"
    assert form_action(answer) == "http://127.0.0.1:8123"


def test_the_redirect_uris_own_query_is_kept(person, owner):
    client = register(owner, "web", redirect_uris="https://web.example/cb?tenant=1&lang=es")
    answer = person.decide(person.visit(client, response_mode="form_post"))
    assert posted(answer)[0] == "https://web.example/cb?tenant=1&lang=es"


def test_the_page_may_post_to_the_client_alone_and_is_not_kept(person, web):
    person.consent(web)
    page = person.visit(web, response_mode="form_post")
    assert form_action(page) == "https://web.example"
    assert page["Cache-Control"] == "no-store"
    assert page["X-Frame-Options"] == "DENY"
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]* src=)|onload|<style", page.content.decode())


def test_the_page_names_the_application_and_has_a_button(person, web):
    person.consent(web)
    page = person.visit(web, response_mode="form_post").content.decode()
    assert "Una web" in page
    assert 'data-action="continue"' in page


def test_query_may_be_asked_for_by_name(person, web):
    person.consent(web)
    assert "code=" in person.visit(web, response_mode="query")["Location"]


# Errors


def error(page):
    _address, told = posted(page)
    assert told["state"] == "a state"
    assert told["iss"] == "http://testserver/auth/v1"
    assert form_action(page) == "https://web.example"
    assert page["Cache-Control"] == "no-store"
    return told["error"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"scope": "unknown"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none"}, "consent_required"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"anything": "x" * 9000}, "invalid_request"),
    ],
)
def test_an_error_arrives_in_the_form_too(person, web, changes, told):
    assert error(person.visit(web, response_mode="form_post", **changes)) == told


def test_a_refusal_arrives_in_the_form(person, web):
    page = person.visit(web, response_mode="form_post")
    assert error(person.decide(page, "deny")) == "access_denied"


def test_who_is_not_signed_in_is_told_in_the_form(web):
    page = Client().get(AUTHORIZE, web.request(response_mode="form_post", prompt="none"))
    assert error(page) == "login_required"
