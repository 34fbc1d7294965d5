import os

REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def problem() -> str | None:
    """Return why Redis cannot be measured, or None."""
    try:
        from redis import Redis, RedisError
    except ImportError:
        return "the package redis is not installed"
    try:
        Redis.from_url(REDIS_URL).ping()
    except RedisError as error:
        return f"no Redis at {REDIS_URL}: {error}"
    return None
