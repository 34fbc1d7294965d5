"""npm's mcp-remote, unmodified, which is given an MCP server's address and prints the one that the person opens."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import AccessToken, Application, Consent
from tests.clients.conftest import Site
from tests.clients.mcp_remote import MCPRemote
from tests.clients.person import Person, parameters
from tests.conformance import proves

pytestmark = proves("mcp-remote")
GRANTED = "products:read products:write"


@pytest.fixture
def called(luis: Person) -> Callable[[MCPRemote], str]:
    """Call the server's tool, which tells the scopes with which that is done on Luis's behalf."""
    subject = User.objects.get(username="luis").pk

    def called(remote: MCPRemote) -> str:
        with remote.connected() as connection:
            text: str = connection.call("whose")["result"]["content"][0]["text"]
        assert text.startswith(f"{subject} ")
        return text.partition(" ")[2]

    return called


def test_it_signs_in_and_refreshes_and_is_asked_again_after_a_revocation(
    tool_server: str, remote: Callable[[str], MCPRemote]
) -> None:
    program = remote(tool_server)
    assert '"whose"' in program.list_tools()
    before = program.kept("tokens")
    AccessToken.objects.update(expires=timezone.now())
    assert '"whose"' in program.list_tools()
    assert len(program.asked) == 1
    after = program.kept("tokens")
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] != before["refresh_token"]
    remove_consent(Consent.objects.get())
    assert '"whose"' in program.list_tools()
    assert len(program.asked) == 2


def test_it_registers_and_asks_with_pkce_for_the_server_alone(
    tool_server: str, remote: Callable[[str], MCPRemote], called: Callable[[MCPRemote], str]
) -> None:
    program = remote(tool_server)
    assert called(program) == "products:read"
    client = Application.objects.get(registration_source="dcr")
    assert (client.kind, client.verified) == ("native", False)
    asked = parameters(program.asked[0])
    assert (asked["client_id"], asked["code_challenge_method"]) == (client.client_id, "S256")
    assert asked["resource"] == tool_server
    assert AccessToken.objects.get().resource == [tool_server]
    assert "Authorization successful" in program.pages[0]


@pytest.mark.parametrize("lists", ["the server", "the site alone"])
def test_it_asks_for_every_scope_and_gets_those_that_it_may_have(
    serve_tools: Callable[..., str],
    every_scope: str,
    remote: Callable[[str], MCPRemote],
    called: Callable[[MCPRemote], str],
    lists: str,
) -> None:
    listed = every_scope.split() if lists == "the server" else None
    program = remote(serve_tools(scopes_supported=listed))
    assert called(program) == GRANTED
    assert parameters(program.asked[0])["scope"] == every_scope
    assert program.kept("client_info")["scope"] == GRANTED
    assert program.kept("tokens")["scope"] == GRANTED


def test_it_refreshes_with_every_scope_and_keeps_those_that_it_has(
    serve_tools: Callable[..., str],
    every_scope: str,
    remote: Callable[[str], MCPRemote],
    called: Callable[[MCPRemote], str],
) -> None:
    program = remote(serve_tools(scopes_supported=every_scope.split()))
    called(program)
    AccessToken.objects.update(expires=timezone.now())
    assert called(program) == GRANTED
    assert program.kept("tokens")["scope"] == GRANTED
    assert len(program.asked) == 1


def test_it_returns_to_another_port_of_localhost_than_it_registered(
    tool_server: str, open_site: Site, remote: Callable[[str], MCPRemote], editor: dict[str, Any]
) -> None:
    program = remote(tool_server)
    printed = program.list_tools("--static-oauth-client-info", json.dumps(editor))
    assert '"whose"' in printed
    returned_to = parameters(program.asked[0])["redirect_uri"]
    assert returned_to.startswith("http://localhost:")
    assert returned_to not in editor["redirect_uris"]


def test_a_server_at_a_path_of_the_sites_api(
    site_with_tools: str,
    open_site: Site,
    remote: Callable[[str], MCPRemote],
    called: Callable[[MCPRemote], str],
) -> None:
    challenge = requests.post(site_with_tools, json={}, timeout=30).headers["WWW-Authenticate"]
    assert (
        f'resource_metadata="{open_site.url}/.well-known/oauth-protected-resource/api/v1/tools/"' in challenge
    )
    program = remote(site_with_tools)
    assert called(program) == GRANTED
    assert parameters(program.asked[0])["resource"] == site_with_tools
    token = program.kept("tokens")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(open_site.products, headers=headers, timeout=30).status_code == 401
