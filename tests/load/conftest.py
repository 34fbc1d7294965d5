"""Four processes of a site, on the tests' own database and a Redis."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import connection, connections

from tests.redis_server import SECONDS, Redis, free_port, start
from tests.requirements import answers, require

from .wire import Site

ROOT = Path(__file__).parents[2]
PROCESSES = 4


@pytest.fixture
def redis() -> Iterator[Redis]:
    require(shutil.which("redis-server") and find_spec("redis"), "Redis, or its client, is not installed")
    redis = Redis()
    yield redis
    redis.kill()


@pytest.fixture
def staff(transactional_db: None) -> User:
    return User.objects.create_superuser("staff", "staff@example.com")


@pytest.fixture
def site(transactional_db: None, redis: Redis, settings: Any, tmp_path: Path) -> Iterator[Site]:
    log = tmp_path / "errors.log"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.sites.loaded",
        "SITE_DATABASE": connection.settings_dict["NAME"],
        "SITE_REDIS": redis.url,
        "SITE_LOG": str(log),
    }
    # The tests' own process is one of the site's too: somebody works on accounts in a shell.
    tokens = {"BACKEND": "multinexo_oauth.redis_cache.RedisCache", "LOCATION": redis.url}
    settings.CACHES = django_settings.CACHES | {"tokens": tokens}
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        "ISSUER": "https://example.com/auth/v1",
        "TOKEN_CACHE": "tokens",
        "PASSWORD_CHANGE_ENDS_TOKENS": True,
    }
    ports = [free_port() for _ in range(PROCESSES)]
    command = [sys.executable, "-m", "tests.load.server", *map(str, ports)]
    servers = start(command, ports[0], cwd=ROOT, env=environment, start_new_session=True)
    try:
        for port in ports:
            until_listening(port)
        yield Site([f"http://127.0.0.1:{port}" for port in ports])
    finally:
        os.killpg(servers.pid, signal.SIGKILL)
        servers.wait()
        connections.close_all()
    print(log.read_text()[-5000:] if log.exists() else "")


def until_listening(port: int) -> None:
    until = time.monotonic() + SECONDS
    while not answers("127.0.0.1", port):
        assert time.monotonic() < until, f"Nothing listens at {port}."
        time.sleep(0.05)
