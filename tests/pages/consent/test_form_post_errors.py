"""Response modes that are not had: the answer comes by the query."""

import re

import pytest

from tests.conformance import proves
from tests.oauth import AUTHORIZE, answered

pytestmark = proves("form-post")


@pytest.mark.parametrize("response_mode", ["fragment", "web_message", "FORM_POST", "form_post query", "\x00"])
def test_an_unknown_mode_is_refused_by_the_query(person, web, response_mode):
    answer = person.visit(web, response_mode=response_mode)
    assert answer["Location"].startswith("https://web.example/callback?")
    assert answered(answer)["error"] == "invalid_request"


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
