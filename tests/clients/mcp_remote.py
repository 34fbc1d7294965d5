"""npm's mcp-remote, and the person whom it sends to the site with a browser."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import requests

from tests.requirements import NODE

PROGRAMS = NODE / "node_modules/mcp-remote/dist"


class MCPRemote:
    """The program, which keeps what it is given in a folder and prints the authorization requests to open.

    `decide` opens such a request as the person and returns where the site sends the browser.
    """

    def __init__(self, server: str, folder: Path, decide: Callable[[str], str]) -> None:
        self.server = server
        self.folder = folder
        self.decide = decide
        self.asked: list[str] = []
        self.pages: list[str] = []
        self.status: int | None = None

    def list_tools(self, *options: str) -> str:
        """Have its command-line client list the server's tools and end; return what it printed."""
        printed = ""
        with self._start("client.js", *options, stderr=subprocess.STDOUT) as process:
            for line in process.stdout:
                printed += line
                self.read(line)
            self.status = process.wait()
        return printed

    def asks(self, *options: str) -> str:
        """Return the first authorization request that it opens, and stop it."""
        with self._start("client.js", *options, stderr=subprocess.STDOUT) as process:
            url = next((found for line in process.stdout if (found := _request(line))), "")
        assert url, "mcp-remote asked nobody."
        return url

    @contextmanager
    def connected(self, *options: str) -> Iterator["Connection"]:
        """Run it as an editor does, which speaks MCP with it by standard input and output."""
        with self._start("proxy.js", *options, stderr=subprocess.PIPE) as process:
            reading = Thread(target=self._read_all, args=(process,))
            reading.start()
            connection = Connection(process)
            try:
                connection.initialize()
                yield connection
            finally:
                process.terminate()
                reading.join()

    def kept(self, name: str) -> dict[str, Any]:
        """Return what it keeps in one of its files."""
        found: dict[str, Any] = json.loads(self._file(name).read_text())
        return found

    def keep(self, name: str, content: dict[str, Any]) -> None:
        """Replace what it keeps there, as who restores a backup does."""
        self._file(name).write_text(json.dumps(content))

    def _file(self, name: str) -> Path:
        (file,) = self.folder.glob(f"**/*_{name}.json")
        return file

    def read(self, line: str) -> None:
        """Open the authorization request that it prints, as the browser that it starts does."""
        if url := _request(line):
            self.asked.append(url)
            self.pages.append(_open(self.decide(url)))

    def _read_all(self, process: Any) -> None:
        """Read what it prints; where the person cannot go on as the test says, nobody waits for its answers."""
        try:
            for line in process.stderr:
                self.read(line)
        finally:
            process.terminate()

    @contextmanager
    def _start(self, program: str, *options: str, stderr: int) -> Iterator[Any]:
        with subprocess.Popen(
            ["timeout", "30", "node", str(PROGRAMS / program), self.server, *options],
            stdin=subprocess.PIPE,  # it ends at the end of its input
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=os.environ | {"MCP_REMOTE_CONFIG_DIR": str(self.folder), "BROWSER": "true"},
        ) as process:
            try:
                yield process
            finally:
                process.terminate()


class Connection:
    """An editor's connection to an MCP server through mcp-remote."""

    def __init__(self, process: Any) -> None:
        self.process = process
        self.sent = 0

    def initialize(self) -> None:
        version = {"protocolVersion": "2025-06-18", "capabilities": {}}
        self.ask("initialize", clientInfo={"name": "Editor", "version": "1"}, **version)
        self._send(method="notifications/initialized")

    def call(self, tool: str) -> dict[str, Any]:
        return self.ask("tools/call", name=tool, arguments={})

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a request and return the answer to it."""
        self.sent += 1
        self._send(id=self.sent, method=method, params=params)
        for line in self.process.stdout:
            message: dict[str, Any] = json.loads(line)
            if message.get("id") == self.sent:
                return message
        raise AssertionError(f"mcp-remote ended without an answer to {method}.")

    def _send(self, **message: Any) -> None:
        print(json.dumps({"jsonrpc": "2.0"} | message), file=self.process.stdin, flush=True)


def _request(line: str) -> str:
    """Return the authorization request that a printed line is, or nothing."""
    found = re.fullmatch(r"http\S+/authorize/\?\S+", line.strip())
    return found[0] if found else ""


def _open(url: str) -> str:
    """Open its redirect URI, where it listens a moment after it has printed the request; return the page."""
    for _ in range(50):
        try:
            return requests.get(url, timeout=10).text
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"Nothing listens at {url}.")
