"""A wildcard on an allow-list, such as `products:*`, is every scope that begins like it, also a later one."""

import pytest

from example_project.products import oauth_scopes
from tests.conformance import proves
from tests.device import let_in, poll, started
from tests.oauth import register

pytestmark = proves("api-wildcards", "api-wildcards-concrete")
BOTH = "products:read products:write"


@pytest.fixture
def trusted(owner):
    """A web application that staff allowed every scope of products."""
    return register(owner, "web", redirect_uris="https://trusted.example/callback", scopes="products:*")


def scopes(answer):
    return sorted(answer["scope"].split())


@pytest.mark.parametrize("asked", ["products:read", "products:write", BOTH])
def test_each_scope_may_be_asked_for(person, trusted, asked):
    assert scopes(person.tokens(trusted, scope=asked)) == asked.split()


def test_a_scope_that_is_added_later_may_be_asked_for(person, trusted, monkeypatch):
    monkeypatch.setitem(oauth_scopes.SCOPES, "products:export", {"label": "Export your products"})
    assert person.tokens(trusted, scope="products:export")["scope"] == "products:export"


def test_a_person_reads_each_permission_in_words(person, trusted):
    page = person.visit(trusted, scope="products:*").content.decode()
    assert 'value="products:read"' in page
    assert 'value="products:write"' in page
    assert 'value="products:*"' not in page


def test_the_token_holds_each_scope_by_its_name(person, trusted, products):
    answer = person.tokens(trusted, scope="products:*")
    assert scopes(answer) == BOTH.split()
    assert products.list(answer["access_token"]).status_code == 200


def test_a_person_may_clear_one_of_them(person, trusted):
    page = person.visit(trusted, scope="products:*")
    person.decide(page, scopes=["products:read"])
    again = person.visit(trusted, scope="products:*").content.decode()
    assert 'value="products:write"' in again


def test_a_consent_does_not_grow_with_the_catalogue(person, trusted, monkeypatch):
    tokens = person.tokens(trusted, scope="products:*")
    monkeypatch.setitem(oauth_scopes.SCOPES, "products:export", {"label": "Export your products"})
    assert scopes(trusted.refresh(tokens["refresh_token"]).json()) == BOTH.split()
    assert "Export your products" in person.visit(trusted, scope="products:*").content.decode()


def test_a_refresh_token_of_a_wildcard_client_is_renewed(person, trusted):
    tokens = person.tokens(trusted, scope="products:*")
    assert trusted.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("form", [{}, {"scope": "products:*"}])
def test_a_service_gets_each_scope_by_its_name(owner, form):
    service = register(owner, "service", scopes="products:*")
    assert scopes(service.token("client_credentials", **form).json()) == BOTH.split()


def test_a_device_gets_each_scope_by_its_name(owner, person):
    box = register(owner, "device", scopes="products:*")
    codes = started(box, scope="products:*")
    let_in(person, codes["user_code"])
    assert scopes(poll(box, codes["device_code"]).json()) == BOTH.split()


def test_a_client_that_may_ask_for_each_may_ask_for_all(person, web):
    assert scopes(person.tokens(web, scope="products:*")) == BOTH.split()
