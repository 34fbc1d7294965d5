"""Sixteen clients who each send a request as soon as the last one is answered, on connections that stay open."""

import asyncio
import time

from .request import HOST, Request

CONNECTIONS = 16


class Refused(Exception):
    """The site answered something else than 200."""


def requests_a_second(port: int, request: Request, seconds: float) -> float:
    return asyncio.run(_load(port, _bytes(request, port), seconds))


async def _load(port: int, sent: bytes, seconds: float) -> float:
    began = time.monotonic()
    counts = await asyncio.gather(*(_client(port, sent, began + seconds) for _client_ in range(CONNECTIONS)))
    return sum(counts) / (time.monotonic() - began)


async def _client(port: int, sent: bytes, until: float) -> int:
    """Return how many answers came."""
    reader, writer = await asyncio.open_connection(HOST, port)
    count = 0
    while time.monotonic() < until:
        writer.write(sent)
        await _answer(reader)
        count += 1
    writer.close()
    return count


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
    body = await reader.readexactly(length)
    if " 200 " not in head.partition("\r\n")[0]:
        raise Refused(f"{head}{body[:500]!r}")


def _bytes(request: Request, port: int) -> bytes:
    lines = [
        f"{request.method} {request.path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        f"Authorization: {request.authorization}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(request.body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + request.body
