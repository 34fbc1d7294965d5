import pytest
from django.core.exceptions import ValidationError

from tests.conformance import proves
from tests.oauth import answered, register

pytestmark = proves("api-wildcards", "api-wildcards-concrete")


@pytest.mark.parametrize(
    "asked", ["products:*", "products:read products:*", "documents:*", "none:*", "*", ":*"]
)
def test_a_wildcard_beyond_the_allow_list_is_an_invalid_scope(owner, person, asked):
    reader = register(owner, "web", redirect_uris="https://reader.example/callback", scopes="products:read")
    assert answered(person.visit(reader, scope=asked))["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "asked", ["documents:read", "products:none", "products:* documents:read", "products"]
)
def test_what_the_wildcard_does_not_cover_is_an_invalid_scope(owner, person, asked):
    trusted = register(owner, "web", redirect_uris="https://trusted.example/callback", scopes="products:*")
    assert answered(person.visit(trusted, scope=asked))["error"] == "invalid_scope"


@pytest.mark.parametrize("asked", ["documents:*", "none:*", "products:* documents:*"])
def test_a_service_may_not_ask_for_more(service, asked):
    assert service.token("client_credentials", scope=asked).json()["error"] == "invalid_scope"


def test_a_wildcard_beyond_the_grant_is_an_invalid_scope_at_refresh(person, web):
    tokens = person.tokens(web, scope="products:read")
    assert web.refresh(tokens["refresh_token"], scope="products:*").json()["error"] == "invalid_scope"


def test_a_wildcard_that_stands_for_nothing_is_not_registered(owner):
    with pytest.raises(ValidationError, match="none:"):
        register(owner, "web", redirect_uris="https://web.example/callback", scopes="products:read none:*")
