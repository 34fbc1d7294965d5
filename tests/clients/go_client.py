"""An application on golang.org/x/oauth2 and go-oidc, in a process of its own."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.clients.openid_client import OpenIDClient
from tests.oauth import OAuthClient

SOURCE = Path(__file__).parent / "go/client.go"
# Where Debian's packages put Go's libraries: golang-golang-x-oauth2-dev, golang-github-coreos-go-oidc-dev.
LIBRARIES = Path("/usr/share/gocode")


def go_has_libraries() -> bool:
    """Tell whether there is a Go, and Debian's packages of both libraries."""
    needed = ("golang.org/x/oauth2", "github.com/coreos/go-oidc")
    return shutil.which("go") is not None and all((LIBRARIES / "src" / name).is_dir() for name in needed)


def build(folder: Path) -> Path:
    """Return the program, built into a folder."""
    program = folder / "client"
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(LIBRARIES),
        "GOCACHE": str(folder / "cache"),
    }
    subprocess.run(["go", "build", "-o", program, SOURCE], env=environment, check=True)
    return program


class GoClient(OpenIDClient):
    def __init__(self, program: Path, registration: OAuthClient, issuer: str, scope: str) -> None:
        self.built = program
        self.beginning = {
            "issuer": issuer,
            "client_id": registration.client_id,
            "secret": registration.secret,
            "redirect_uri": registration.redirect_uri,
            "scope": scope,
        }

    @property
    def command(self) -> list[str | Path]:
        return [self.built]
