"""The official MCP SDK's client, unmodified: it is given the API's address, and finds and does the rest."""

from urllib.parse import urlsplit

import pytest
from mcp.shared.auth import OAuthToken

from multinexo_oauth.models import AccessToken, Application, Event, RefreshToken
from tests.clients.conftest import Site
from tests.clients.mcp_client import Agent
from tests.clients.person import Person, parameters
from tests.conformance import proves
from tests.documents import DocumentHost

pytestmark = proves("mcp-client")


@pytest.fixture
def agent(open_site: Site, luis: Person) -> Agent:
    return Agent(open_site.products, luis)


def test_it_registers_asks_the_person_and_calls_the_api(agent: Agent, open_site: Site) -> None:
    answer = agent.get(open_site.products)
    assert answer.status_code == 200
    assert answer.json() == []
    client = Application.objects.get(registration_source="dcr")
    assert (client.name, client.kind, client.verified) == ("Agente", "native", False)
    asked = parameters(agent.asked[0])
    assert asked["client_id"] == client.client_id
    assert asked["code_challenge_method"] == "S256"
    assert asked["resource"] == open_site.products
    assert urlsplit(agent.asked[0]).path == "/auth/v1/authorize/"


def test_it_comes_back_with_what_it_keeps(agent: Agent, open_site: Site, luis: Person) -> None:
    agent.get(open_site.products)
    restarted = Agent(open_site.products, luis)
    restarted.memory = restarted.auth.context.storage = agent.memory
    assert restarted.get(open_site.products).status_code == 200
    assert restarted.asked == []
    assert Application.objects.count() == 1


def test_it_refreshes_a_token_that_has_expired(agent: Agent, open_site: Site) -> None:
    agent.get(open_site.products)
    before = agent.memory.tokens
    assert before is not None
    agent.auth.context.token_expiry_time = 1
    assert agent.get(open_site.products).status_code == 200
    after = agent.memory.tokens
    assert isinstance(after, OAuthToken)
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert len(agent.asked) == 1
    assert RefreshToken.objects.live().count() == 1


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_it_authenticates_in_the_way_that_it_registered(open_site: Site, luis: Person, method: str) -> None:
    agent = Agent(open_site.products, luis, token_endpoint_auth_method=method)
    assert agent.get(open_site.products).status_code == 200
    assert agent.memory.client is not None
    assert agent.memory.client.token_endpoint_auth_method == method
    assert bool(agent.memory.client.client_secret) is (method != "none")


def test_it_is_known_by_its_document(open_site: Site, luis: Person, documents: DocumentHost) -> None:
    address = documents.publish(redirect_uris=["http://localhost:3030/callback"])
    agent = Agent(open_site.products, luis, document=address)
    assert agent.get(open_site.products).status_code == 200
    agent.auth.context.token_expiry_time = 1
    assert agent.get(open_site.products).status_code == 200
    client = Application.objects.get()
    assert (client.client_id, client.registration_source) == (address, "cimd")
    assert documents.asked == ["/client.json"]
    assert AccessToken.objects.filter(application=client).exists()
    assert Event.objects.filter(application=client, action="created", detail__source="cimd").count() == 1
