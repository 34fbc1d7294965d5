"""An MCP client and an MCP server, both of the official SDK, that have nothing in common but our site."""

from django.contrib.auth.models import User

from tests.clients.mcp_client import Agent, call
from tests.clients.person import Person, parameters
from tests.conformance import proves

pytestmark = proves("mcp-server")


def test_a_tool_is_called_on_behalf_of_the_person_who_consented(tool_server: str, luis: Person) -> None:
    agent = Agent(tool_server, luis)
    user = User.objects.get(username="luis")
    assert call(agent, tool_server) == f"{user.pk} products:read"
    asked = parameters(agent.asked[0])
    assert asked["scope"] == "products:read"
    assert asked["resource"] == tool_server
