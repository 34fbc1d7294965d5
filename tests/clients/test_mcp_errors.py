"""Where the official MCP SDK's client gets no further."""

import pytest
from mcp.client.auth import OAuthFlowError, OAuthRegistrationError

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Application, Consent
from tests.clients.conftest import Site
from tests.clients.mcp_client import Agent
from tests.clients.person import Person
from tests.conformance import proves

pytestmark = proves("mcp-client-refused")


def test_a_site_that_registers_nobody(site: Site, luis: Person) -> None:
    agent = Agent(site.products, luis)
    with pytest.raises(OAuthRegistrationError, match="404"):
        agent.get(site.products)
    assert agent.asked == []
    assert not Application.objects.exists()


def test_a_redirect_uri_that_is_not_safe(open_site: Site, luis: Person) -> None:
    agent = Agent(open_site.products, luis, redirect_uris=["http://agent.example/callback"])
    with pytest.raises(OAuthRegistrationError, match="invalid_redirect_uri"):
        agent.get(open_site.products)
    assert not Application.objects.exists()


def test_a_person_who_refuses(open_site: Site, luis: Person) -> None:
    agent = Agent(open_site.products, luis, refuses=True)
    with pytest.raises(OAuthFlowError, match="No authorization code"):
        agent.get(open_site.products)
    assert agent.answer["error"] == "access_denied"
    assert agent.memory.tokens is None


def test_a_person_who_takes_the_access_back_is_asked_again(open_site: Site, luis: Person) -> None:
    agent = Agent(open_site.products, luis)
    agent.get(open_site.products)
    remove_consent(Consent.objects.get())
    assert agent.get(open_site.products).status_code == 200
    assert len(agent.asked) == 2
    assert Application.objects.count() == 1
