"""The official MCP SDK's OAuth client as an agent's developer sets it up, and the person who uses the agent."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx2
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)

from tests.clients.person import Person, parameters

T = TypeVar("T")


class Memory:
    """Where the client keeps what it is given: the SDK's `TokenStorage`."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Agent:
    """A program of Luis's that calls a protected server, which it knows by its address alone."""

    def __init__(
        self, server: str, luis: Person, document: str | None = None, refuses: bool = False, **metadata: Any
    ) -> None:
        self.memory = Memory()
        self.asked: list[str] = []
        self.open = luis.refuse if refuses else luis.authorize
        self.answer: dict[str, str] = {}
        self.auth = OAuthClientProvider(
            server_url=server,
            client_metadata=OAuthClientMetadata(
                **{"client_name": "Agente", "redirect_uris": ["http://localhost:3030/callback"]} | metadata
            ),
            storage=self.memory,
            redirect_handler=self.redirect,
            callback_handler=self.callback,
            client_metadata_url=document,
        )

    async def redirect(self, url: str) -> None:
        self.asked.append(url)
        self.answer = parameters(await asyncio.to_thread(self.open, url))

    async def callback(self) -> AuthorizationCodeResult:
        answer = self.answer
        return AuthorizationCodeResult(
            code=answer.get("code", ""), state=answer.get("state"), iss=answer.get("iss")
        )

    def get(self, url: str) -> httpx2.Response:
        async def get() -> httpx2.Response:
            async with httpx2.AsyncClient(auth=self.auth) as http:
                return await http.get(url)

        return run(get)


def run(coroutine: Callable[[], Awaitable[T]]) -> T:
    """Run to the end in a thread of its own, whatever runs in this one."""

    async def awaited() -> T:
        return await coroutine()

    return asyncio.run(awaited())


def call(agent: Agent, server: str) -> str:
    """Call the tool of an MCP server and return what it answers."""

    async def call() -> str:
        async with (
            httpx2.AsyncClient(auth=agent.auth, timeout=30) as http,
            Client(streamable_http_client(server, http_client=http)) as client,
        ):
            result: Any = await client.call_tool("whose", {})
        return str(result.content[0].text)

    return run(call)
