"""The AI SDK's MCP client, unmodified: it is given an MCP server's address, and finds and does the rest."""

from django.contrib.auth.models import User

from multinexo_oauth.models import Application
from tests.clients.ai_sdk_client import AISDKClient
from tests.clients.conftest import sign_in
from tests.clients.person import Person, parameters
from tests.conformance import proves

pytestmark = proves("mcp-ai-sdk")


def test_it_registers_asks_the_person_and_calls_a_tool(
    ai_sdk: AISDKClient, tool_server: str, luis: Person
) -> None:
    asked = parameters(ai_sdk.do("authorize")["asked"])
    client = Application.objects.get(registration_source="dcr")
    assert (asked["client_id"], client.verified) == (client.client_id, False)
    assert (asked["code_challenge_method"], asked["resource"]) == ("S256", tool_server)
    sign_in(ai_sdk, luis)
    subject = User.objects.get(username="luis").pk
    assert ai_sdk.do("call", tool="whose") == f"{subject} products:read"


def test_it_refreshes_without_asking_the_person_again(ai_sdk: AISDKClient, luis: Person) -> None:
    before = sign_in(ai_sdk, luis)
    renewed = ai_sdk.do("authorize")
    assert renewed["result"] == "AUTHORIZED"
    assert "asked" not in renewed
    assert renewed["tokens"]["access_token"] != before["access_token"]
    assert renewed["tokens"]["refresh_token"] != before["refresh_token"]
    assert ai_sdk.do("call", tool="whose").endswith(" products:read")
