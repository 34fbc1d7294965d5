"""An MCP server as its developer writes it with the official SDK; tokens it asks our introspection endpoint about."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from typing import Any

import httpx2
import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.routes import create_protected_resource_routes
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from pydantic import AnyHttpUrl

from tests.clients.conftest import Site
from tests.oauth import OAuthClient


class Introspection:
    """The SDK's `TokenVerifier` by RFC 7662."""

    def __init__(self, site: Site, application: OAuthClient) -> None:
        self.endpoint = f"{site.issuer}/introspect/"
        self.credentials = (application.client_id, application.secret or "")

    async def verify_token(self, token: str) -> AccessToken | None:
        async with httpx2.AsyncClient(auth=self.credentials) as http:
            answer = (await http.post(self.endpoint, data={"token": token})).json()
        if not answer["active"]:
            return None
        audience = answer["aud"]  # one or several (RFC 7662 section 2.2)
        return AccessToken(
            token=token,
            client_id=answer["client_id"],
            scopes=answer["scope"].split(),
            expires_at=answer["exp"],
            subject=answer["sub"],
            resource=audience[0] if isinstance(audience, list) else audience,
        )


@contextmanager
def mcp_server(site: Site, application: OAuthClient, **metadata: Any) -> Iterator[str]:
    """Serve one tool to whoever may see products, and give the server's address.

    `metadata` is what its document (RFC 9728) says in place of what the SDK concludes from the settings.
    """
    listening = socket()
    listening.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    server = MCPServer(
        "Products",
        token_verifier=Introspection(site, application),
        auth=AuthSettings(
            issuer_url=AnyHttpUrl(site.issuer),
            resource_server_url=AnyHttpUrl(address),
            required_scopes=["products:read"],
            validate_token_resource=True,
        ),
    )

    @server.tool()
    def whose() -> str:
        """Tell on whose behalf the tool was called."""
        token = get_access_token()
        return f"{token.subject} {' '.join(token.scopes)}" if token else ""

    # Without sessions, which a client that is slow to begin one may find gone.
    app = server.streamable_http_app(stateless_http=True)
    if metadata:
        authorization_servers = [AnyHttpUrl(site.issuer)]
        document = create_protected_resource_routes(AnyHttpUrl(address), authorization_servers, **metadata)
        app.router.routes[:0] = document
    web = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=web.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not web.started:
        time.sleep(0.01)
    yield address
    web.should_exit = True
    thread.join()
