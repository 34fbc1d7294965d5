"""An MCP client and an MCP server, both of the official SDK, that have nothing in common but our site."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from django.contrib.auth.models import User
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.clients.conftest import Site
from tests.clients.mcp_client import Agent, run
from tests.clients.mcp_server import mcp_server
from tests.clients.person import Person, parameters
from tests.conformance import proves
from tests.oauth import register

pytestmark = proves("mcp-server")


@pytest.fixture
def server(open_site: Site, developer: User, settings: Any) -> Iterator[str]:
    api = register(developer, "service", resource_server=True)
    with mcp_server(open_site, api) as address:
        settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"RESOURCES": [address]}
        yield address


def call(agent: Agent, server: str) -> str:
    async def call() -> str:
        async with (
            httpx2.AsyncClient(auth=agent.auth, timeout=30) as http,
            Client(streamable_http_client(server, http_client=http)) as client,
        ):
            result = await client.call_tool("whose", {})
        return result.content[0].text

    return run(call)


def test_a_tool_is_called_on_behalf_of_the_person_who_consented(server: str, luis: Person) -> None:
    agent = Agent(server, luis)
    user = User.objects.get(username="luis")
    assert call(agent, server) == f"{user.pk} products:read"
    asked = parameters(agent.asked[0])
    assert asked["scope"] == "products:read"
    assert asked["resource"] == server
