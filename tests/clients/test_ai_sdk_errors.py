"""Where the AI SDK's MCP client gets no further."""

import re
from collections.abc import Callable

import pytest
import requests

from multinexo_oauth.models import Application
from tests.clients.ai_sdk_client import AISDKClient
from tests.clients.conftest import Site, sign_in
from tests.clients.openid_client import Problem
from tests.clients.person import Person, parameters
from tests.conformance import proves

pytestmark = proves("mcp-ai-sdk-refused")


def test_a_person_who_refuses(ai_sdk: AISDKClient, luis: Person) -> None:
    answer = parameters(luis.refuse(ai_sdk.do("authorize")["asked"]))
    assert answer["error"] == "access_denied"
    assert "code" not in answer


def test_a_redirect_uri_that_is_not_safe(tool_server: str, agent: Callable[..., AISDKClient]) -> None:
    unsafe = "http://agent.example/callback"
    with pytest.raises(Problem, match=re.escape(unsafe)):
        agent(tool_server, unsafe).do("authorize")
    assert not Application.objects.filter(registration_source="dcr").exists()


def test_after_a_revocation_the_person_is_asked_again(
    ai_sdk: AISDKClient, luis: Person, open_site: Site
) -> None:
    refresh_token = sign_in(ai_sdk, luis)["refresh_token"]
    client = Application.objects.get(registration_source="dcr")
    revoked = {"token": refresh_token, "client_id": client.client_id}
    assert requests.post(open_site.revocation, data=revoked, timeout=30).status_code == 200
    with pytest.raises(Problem, match="Unauthorized"):
        ai_sdk.do("call", tool="whose")
    assert ai_sdk.do("authorize")["result"] == "REDIRECT"
