"""Response modes that are not had."""

import re

import pytest

from tests.conformance import proves
from tests.oauth import AUTHORIZE, answered

pytestmark = proves("form-post")


MODES = [
    "fragment",
    "web_message",
    "jwt",
    "query.jwt",
    "FORM_POST",
    "form_post query",
    "\x00",
    "ñ",
    "x" * 9000,
]
ERRORS = [{}, {"prompt": "none"}, {"scope": "unknown"}, {"code_challenge": None}, {"request": "eyJ"}]


@proves("response-mode-not-offered")
@pytest.mark.parametrize("changes", ERRORS)
@pytest.mark.parametrize("response_mode", MODES)
def test_by_a_mode_that_is_not_offered_the_client_gets_no_answer_at_all(person, web, response_mode, changes):
    page = person.visit(web, response_mode=response_mode, **changes)
    assert page.status_code == 400
    assert "Location" not in page
    assert "response_mode" in page.content.decode()


@proves("response-mode-not-offered")
@pytest.mark.parametrize("modes", [["query", "fragment"], ["web_message", "web_message"]])
def test_nor_where_it_is_one_of_several(person, web, modes):
    page = person.browser.get(AUTHORIZE, web.request() | {"response_mode": modes})
    assert page.status_code == 400
    assert "Location" not in page


@proves("response-mode-not-offered")
def test_nor_an_implicit_request(person, web):
    page = person.visit(web, response_type="token", response_mode="web_message")
    assert page.status_code == 400
    assert "Location" not in page


def test_a_repeated_mode_is_refused_by_the_query(person, web):
    answer = person.browser.get(AUTHORIZE, web.request() | {"response_mode": ["form_post", "form_post"]})
    assert answered(answer)["error"] == "invalid_request"


def test_no_form_is_posted_to_a_private_use_scheme(person, native):
    answer = person.visit(native, redirect_uri="com.example.app:/callback", response_mode="form_post")
    assert answer["Location"].startswith("com.example.app:/callback?error=invalid_request")


def test_no_form_is_posted_to_an_address_that_is_not_registered(person, web):
    page = person.visit(web, response_mode="form_post", redirect_uri="https://evil.example/")
    assert page.status_code == 400
    assert not re.search(r"<form|(href|action)=[^>]*evil", page.content.decode())
    assert "evil.example" not in page["Content-Security-Policy"]


def test_the_mode_is_the_signed_requests(person, web):
    page = person.visit(web)
    answer = person.decide(page, response_mode="form_post")
    assert answer["Location"].startswith("https://web.example/callback?")
