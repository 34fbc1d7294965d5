"""An MCP client and an MCP server, both of the official SDK, that have nothing in common but our site."""

import httpx2
from django.contrib.auth.models import User
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.clients.mcp_client import Agent, run
from tests.clients.person import Person, parameters
from tests.conformance import proves

pytestmark = proves("mcp-server")


def call(agent: Agent, server: str) -> str:
    async def call() -> str:
        async with (
            httpx2.AsyncClient(auth=agent.auth, timeout=30) as http,
            Client(streamable_http_client(server, http_client=http)) as client,
        ):
            result = await client.call_tool("whose", {})
        return result.content[0].text

    return run(call)


def test_a_tool_is_called_on_behalf_of_the_person_who_consented(tool_server: str, luis: Person) -> None:
    agent = Agent(tool_server, luis)
    user = User.objects.get(username="luis")
    assert call(agent, tool_server) == f"{user.pk} products:read"
    asked = parameters(agent.asked[0])
    assert asked["scope"] == "products:read"
    assert asked["resource"] == tool_server
