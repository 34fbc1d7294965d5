"""Processes that share a cache or the database see what another one ended (a real Redis, real servers)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from requests.auth import HTTPBasicAuth

from tests.conformance import proves
from tests.oauth import PRODUCTS, REVOKE, TOKEN
from tests.redis_server import SECONDS, Redis, free_port, start, stop

ROOT = Path(__file__).parents[2]
SET_UP = """
from multinexo_oauth.models import Application, ClientSecret
for name in ("one", "two"):
    application = Application(kind="service", name=name, scopes="products:read")
    application.save()
    print(application.client_id, ClientSecret.issue(application)[1])
"""


class Site:
    """Two processes of one site, and a third that staff types commands into."""

    def __init__(self, folder: Path, redis: Redis) -> None:
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.sites.two_processes",
            "SITE_DATABASE": str(folder / "db.sqlite3"),
            "SITE_REDIS": redis.url,
            "TEST_DATABASE": "sqlite",
        }
        self.manage("migrate", "--verbosity", "0")
        self.clients = [line.split() for line in self.shell(SET_UP).splitlines()]
        self.servers = []
        self.urls = []
        for _ in range(2):
            port = free_port()
            command = [sys.executable, "-m", "django", "runserver", "--noreload", str(port)]
            self.servers.append(start(command, port, cwd=ROOT, env=self.environment))
            self.urls.append(f"http://127.0.0.1:{port}")

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "django", *arguments]
        ran = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return ran.stdout

    def shell(self, program: str) -> str:
        return self.manage("shell", "--verbosity", "0", "--command", program)

    def token(self, client: int = 0) -> str:
        form = {"grant_type": "client_credentials"}
        answer = requests.post(
            self.urls[0] + TOKEN, form, auth=HTTPBasicAuth(*self.clients[client]), timeout=SECONDS
        )
        token: str = answer.json()["access_token"]
        return token

    def revoke(self, token: str) -> None:
        form = {"token": token}
        requests.post(
            self.urls[0] + REVOKE, form, auth=HTTPBasicAuth(*self.clients[0]), timeout=SECONDS
        ).raise_for_status()

    def calls(self, token: str) -> list[int]:
        """Call the API at both processes, each twice."""
        headers = {"Authorization": f"Bearer {token}"}
        return [
            requests.get(url + PRODUCTS, headers=headers, timeout=SECONDS).status_code
            for url in self.urls * 2
        ]


@pytest.fixture
def site(tmp_path: Path, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    site = Site(tmp_path, redis)
    yield site
    for server in site.servers:
        stop(server)


@proves("cache-ended", "cache-down")
def test_a_revocation_in_one_process_is_seen_by_the_others(site: Site, redis: Redis) -> None:
    revoked, suspended, lasting = site.token(), site.token(1), site.token()
    for token in (revoked, suspended, lasting):
        assert site.calls(token) == [200] * 4

    site.revoke(revoked)
    assert site.calls(revoked) == [401] * 4

    site.shell(
        "from multinexo_oauth.models import Application; Application.objects.get(name='two').suspend()"
    )
    assert site.calls(suspended) == [401] * 4

    redis.kill()
    assert site.calls(lasting) == [200] * 4
    site.revoke(lasting)
    assert site.calls(lasting) == [401] * 4
