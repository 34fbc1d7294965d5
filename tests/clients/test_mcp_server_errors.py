"""Whose calls an MCP server of the official SDK refuses."""

import pytest
import requests

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Consent
from tests.clients.conftest import Site
from tests.clients.mcp_client import Agent, call
from tests.clients.person import Person
from tests.conformance import proves

pytestmark = proves("mcp-server")


def status(server: str, token: str | None) -> int:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json, text/event-stream"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return requests.post(server, json=body, headers=headers, timeout=30).status_code


@pytest.mark.parametrize("token", [None, "unknown"])
def test_a_call_without_a_good_token(tool_server: str, token: str | None) -> None:
    assert status(tool_server, token) == 401


def test_a_token_that_is_for_the_sites_own_api(tool_server: str, open_site: Site, luis: Person) -> None:
    agent = Agent(open_site.products, luis)
    agent.get(open_site.products)
    assert agent.memory.tokens is not None
    assert status(tool_server, agent.memory.tokens.access_token) == 401


def test_a_token_of_a_person_who_has_taken_the_access_back(tool_server: str, luis: Person) -> None:
    agent = Agent(tool_server, luis)
    call(agent, tool_server)
    assert agent.memory.tokens is not None
    remove_consent(Consent.objects.get())
    assert status(tool_server, agent.memory.tokens.access_token) == 401


def test_a_token_for_it_does_not_open_the_sites_own_api(
    tool_server: str, open_site: Site, luis: Person
) -> None:
    agent = Agent(tool_server, luis)
    call(agent, tool_server)
    assert agent.memory.tokens is not None
    headers = {"Authorization": f"Bearer {agent.memory.tokens.access_token}"}
    assert requests.get(open_site.products, headers=headers, timeout=30).status_code == 401
