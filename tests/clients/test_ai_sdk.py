"""The AI SDK's MCP client, unmodified: it is given an MCP server's address, and finds and does the rest."""

from collections.abc import Callable

import requests
from django.contrib.auth.models import User

from multinexo_oauth.models import Application
from tests.clients.ai_sdk_client import AISDKClient
from tests.clients.conftest import Site, sign_in
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


def test_it_asks_for_every_scope_that_the_server_lists_and_gets_those_that_it_may_have(
    serve_tools: Callable[..., str], every_scope: str, agent: Callable[..., AISDKClient], luis: Person
) -> None:
    client = agent(serve_tools(scopes_supported=every_scope.split()))
    assert parameters(client.do("authorize")["asked"])["scope"] == every_scope
    assert sign_in(client, luis)["scope"] == "products:read products:write"
    assert client.do("call", tool="whose").endswith(" products:read products:write")


def test_it_returns_to_another_port_of_localhost_than_it_registered(
    tool_server: str, agent: Callable[..., AISDKClient], luis: Person
) -> None:
    client = agent(tool_server, "http://localhost:4321/callback")
    client.do("authorize")
    client.do("discover", server=tool_server, redirect_uri="http://localhost:4322/callback")
    assert parameters(client.do("authorize")["asked"])["redirect_uri"] == "http://localhost:4322/callback"
    sign_in(client, luis)
    assert (
        Application.objects.get(registration_source="dcr").redirect_uris == "http://localhost:4321/callback"
    )
    assert client.do("call", tool="whose").endswith(" products:read")


def test_it_asks_for_the_path_of_the_sites_api_that_the_challenge_leads_to(
    site_with_tools: str, open_site: Site, agent: Callable[..., AISDKClient], luis: Person
) -> None:
    client = agent(site_with_tools)
    asked = client.do("connect")["asked"]
    assert parameters(asked)["resource"] == site_with_tools
    answer = parameters(luis.authorize(asked))
    token = client.do("receive", code=answer["code"], state=answer["state"])["access_token"]
    assert client.do("call", tool="whose").endswith(" products:read products:write")
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(open_site.products, headers=headers, timeout=30).status_code == 401


def test_it_asks_for_a_path_of_the_sites_api_whose_document_it_finds_by_itself(
    site_with_tools: str, agent: Callable[..., AISDKClient], luis: Person
) -> None:
    client = agent(site_with_tools)
    assert parameters(client.do("authorize")["asked"])["resource"] == site_with_tools.removesuffix("/")
    sign_in(client, luis)
    assert client.do("call", tool="whose").endswith(" products:read products:write")
