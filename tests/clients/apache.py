"""Apache with mod_auth_openidc, as an administrator would set it up: one page, for whoever has logged in."""

import secrets
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import requests

from tests.clients.person import Person
from tests.oauth import OAuthClient
from tests.requirements import APACHE, APACHE_MODULES, answers

PATIENCE_SECONDS = 15
MODULES = ("mpm_event", "authn_core", "authz_core", "authz_user", "include", "auth_openidc")
SHOWN = ("OIDC_CLAIM_sub", "OIDC_CLAIM_email", "OIDC_CLAIM_iss", "OIDC_access_token")
PAGE = "".join(f'{name} <!--#echo encoding="none" var="{name}" -->\n' for name in SHOWN)
# Accounts by number: root's Apache answers as nobody, anybody else's as themselves. No connection is kept, for one that
# ends as the next request leaves is an error to the person's browser.
CONFIGURATION = """\
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
User #65534
Group #65534
KeepAlive Off
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
{modules}

OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {secret}
OIDCProviderTokenEndpointAuth {method}
OIDCRedirectURI {redirect_uri}
OIDCCryptoPassphrase {passphrase}
OIDCScope "openid email"
OIDCResponseMode {response_mode}
OIDCPKCEMethod S256

DocumentRoot {folder}/pages
<Directory {folder}/pages>
  AuthType openid-connect
  Require valid-user
  ForceType text/plain
  Options +Includes
  SetOutputFilter INCLUDES
</Directory>
"""


class Apache:
    """One with a folder and a port of its own, and nothing of the system's configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.page = f"http://127.0.0.1:{self.port}/page"
        self.redirect_uri = f"http://127.0.0.1:{self.port}/callback"

    def configure(self, registration: OAuthClient, issuer: str, method: str, response_mode: str) -> None:
        self.folder.chmod(0o711)
        (self.folder / "pages").mkdir()
        (self.folder / "pages/page").write_text(PAGE)
        modules = (f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so" for name in MODULES)
        configuration = CONFIGURATION.format(
            folder=self.folder,
            port=self.port,
            modules="\n".join(modules),
            issuer=issuer,
            client_id=registration.client_id,
            secret=registration.secret,
            method=method,
            response_mode=response_mode,
            redirect_uri=self.redirect_uri,
            passphrase=secrets.token_urlsafe(),
        )
        (self.folder / "apache.conf").write_text(configuration)

    def __enter__(self) -> Self:
        command = [str(APACHE), "-f", str(self.folder / "apache.conf"), "-D", "FOREGROUND"]
        self.process = subprocess.Popen(command, env={})
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not answers("127.0.0.1", self.port):
            assert self.process.poll() is None, "Apache does not start"
            assert time.monotonic() < deadline, "Apache does not answer"
            time.sleep(0.05)
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        self.process.wait()

    def asks(self, person: Person) -> str:
        """Open the page as somebody who has not logged in; return where that leads."""
        return person.browser.get(self.page, allow_redirects=False).headers["Location"]

    def lets_in(self, person: Person) -> dict[str, str]:
        """Log in and return what the page shows."""
        return shown(person.browser.get(person.authorize(self.asks(person))))

    def does(self, person: Person, **told: str) -> str:
        """Have the module do something for somebody who has logged in; return where that leads."""
        return person.browser.get(self.redirect_uri, params=told, allow_redirects=False).headers["Location"]


def shown(page: requests.Response) -> dict[str, str]:
    assert page.status_code == 200, page.text
    return dict(line.split(" ", 1) for line in page.text.splitlines())
