"""npm's mcp-remote, unmodified, which is given an MCP server's address and prints the one that the person opens."""

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
import requests
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import AccessToken, Consent
from tests.clients.person import Person
from tests.conformance import proves
from tests.requirements import NODE, node_has, require

pytestmark = proves("mcp-remote")
PROGRAM = NODE / "node_modules/mcp-remote/dist/client.js"


class MCPRemote:
    """A program that lists the server's tools and ends."""

    def __init__(self, server: str, folder: Path, luis: Person) -> None:
        self.command = ["timeout", "30", "node", str(PROGRAM), server]
        self.environment = os.environ | {"MCP_REMOTE_CONFIG_DIR": str(folder), "BROWSER": "true"}
        self.luis = luis
        self.asked = 0

    def list_tools(self) -> str:
        """Run it, consent where it asks, and return what it printed."""
        printed = ""
        with subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,  # it ends at the end of its input
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
        ) as process:
            for line in process.stdout or ():
                printed += line
                if found := re.search(r"http\S+/authorize/\?\S+", line):
                    self.asked += 1
                    self.call_back(self.luis.authorize(found[0]))
        return printed

    def call_back(self, url: str) -> None:
        """Open its redirect URI, where it listens a moment after it has printed the request."""
        for _ in range(50):
            try:
                requests.get(url, timeout=10)
                return
            except requests.ConnectionError:
                time.sleep(0.1)


@pytest.fixture
def remote(tool_server: str, luis: Person, tmp_path: Path) -> MCPRemote:
    require(node_has("mcp-remote"), "Node or mcp-remote is not installed")
    return MCPRemote(tool_server, tmp_path, luis)


def test_it_signs_in_and_refreshes_and_is_asked_again_after_a_revocation(remote: MCPRemote) -> None:
    assert '"whose"' in remote.list_tools()
    AccessToken.objects.update(expires=timezone.now())
    assert '"whose"' in remote.list_tools()
    assert remote.asked == 1
    remove_consent(Consent.objects.get())
    assert '"whose"' in remote.list_tools()
    assert remote.asked == 2
