"""Clients that register themselves, as the tests drive them: from outside, over HTTP."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from multinexo_oauth.models import Application
from tests.oauth import OAuthClient
from tests.responses import ClientResponse

REGISTER = "/auth/v1/register/"
JSON = "application/json"
CALLBACK = "https://agent.example/callback"


def post(body: Any, **headers: str) -> ClientResponse:
    """Post a registration: metadata, or the very bytes of a body."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(REGISTER, sent, content_type=JSON, headers=headers)


def good(**changes: Any) -> dict[str, Any]:
    """Return good metadata of a public client, some members changed; None leaves one out."""
    members = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none", "client_name": "Agente"}
    return {name: value for name, value in (members | changes).items() if value is not None}


def registered(**changes: Any) -> dict[str, Any]:
    """Register a client and return what the server answers."""
    answer = post(good(**changes))
    assert answer.status_code == 201, answer.content
    return answer.json()


def client_of(answer: dict[str, Any]) -> OAuthClient:
    """Return the client as it goes on from its registration."""
    return OAuthClient(Application.objects.get(client_id=answer["client_id"]), answer.get("client_secret"))


def manage(method: str, answer: dict[str, Any], metadata: Any = None, **headers: str) -> ClientResponse:
    """Send a request to a client's configuration endpoint, with its registration access token."""
    sent = {"Authorization": f"Bearer {answer['registration_access_token']}"} | headers
    body = metadata if isinstance(metadata, bytes) else json.dumps(metadata).encode()
    path = urlsplit(answer["registration_client_uri"]).path
    return Client().generic(method, path, b"" if metadata is None else body, JSON, headers=sent)


def change(answer: dict[str, Any], **changes: Any) -> ClientResponse:
    """Change a client from what it was told it is; None leaves a member out."""
    servers = {
        "registration_access_token",
        "registration_client_uri",
        "client_id_issued_at",
        "client_secret_expires_at",
        "client_secret",
    }
    members = {name: value for name, value in answer.items() if name not in servers} | changes
    return manage("PUT", answer, {name: value for name, value in members.items() if value is not None})
