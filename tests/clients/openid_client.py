"""An application on npm's openid-client, in a process of its own."""

import json
import subprocess
from pathlib import Path
from typing import Any, Self

from tests.oauth import OAuthClient
from tests.requirements import NODE


class Problem(Exception):
    """What the library threw."""


class OpenIDClient:
    """The program `node/openid_client.mjs`, which does what its test tells it."""

    program = "openid_client.mjs"

    def __init__(self, registration: OAuthClient, issuer: str, method: str, algorithm: str) -> None:
        """Know where to begin: the issuer, how to authenticate, and by which specification to discover the rest."""
        self.beginning = {
            "issuer": issuer,
            "client_id": registration.client_id,
            "secret": registration.secret,
            "method": method,
            "redirect_uri": registration.redirect_uri,
            "algorithm": algorithm,
        }

    @property
    def command(self) -> list[str | Path]:
        return ["node", NODE / self.program]

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.do("discover", **self.beginning)
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.communicate()

    def do(self, step: str, **told: Any) -> Any:
        """Have a step done and return what came of it. Raises Problem."""
        self.begin(step, **told)
        return self.end()

    def begin(self, step: str, **told: Any) -> None:
        print(json.dumps({"step": step} | told), file=self.process.stdin, flush=True)

    def end(self) -> Any:
        """Return what came of the step that was begun. Raises Problem."""
        assert self.process.stdout
        answer = json.loads(self.process.stdout.readline())
        if "problem" in answer:
            raise Problem(answer["problem"])
        return answer["done"]
