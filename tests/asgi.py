"""Requests to the site as an ASGI server makes them: each has a thread of its own, and ends in another task."""

import asyncio
from typing import Any

from django.core.asgi import get_asgi_application


def get(path: str, token: str, times: int = 1) -> list[int]:
    """Ask for the path so many times, one after the other, and return the answers' status."""
    return asyncio.run(_get(path, token, times))


async def _get(path: str, token: str, times: int) -> list[int]:
    site = get_asgi_application()
    # A task each, as servers have it: what one request leaves in its context is not the next one's.
    return [await asyncio.create_task(_ask(site, path, token)) for _ in range(times)]


async def _ask(site: Any, path: str, token: str) -> int:
    sent: list[dict[str, Any]] = []
    body = iter([{"type": "http.request", "body": b""}])

    async def receive() -> dict[str, Any]:
        for message in body:
            return message
        return await asyncio.get_running_loop().create_future()  # The client stays.

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"authorization", f"Bearer {token}".encode())],
    }
    await site(scope, receive, send)
    status: int = sent[0]["status"]
    return status
