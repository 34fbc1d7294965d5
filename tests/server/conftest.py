import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.redis_server import Redis
from tests.requirements import require


@pytest.fixture
def redis() -> Iterator[Redis]:
    require(shutil.which("redis-server") and find_spec("redis"), "Redis, or its client, is not installed")
    redis = Redis()
    yield redis
    redis.kill()
