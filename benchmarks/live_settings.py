"""The example project as one would deploy it, with the database and the token cache that the environment names."""

import json
import os
from pathlib import Path

from example_project.settings import *

from .redis import REDIS_URL

DEBUG = False
LOGGING_CONFIG = None
TOKEN_CACHES = {
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tokens"},
    "redis": {
        "BACKEND": "multinexo_oauth.redis_cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "multinexo_oauth_benchmark",
    },
}
DATABASES = {"default": json.loads(os.environ["BENCHMARK_DATABASE"]) | {"CONN_MAX_AGE": None}}
CACHES |= TOKEN_CACHES
TIENDA_CREDENTIALS = Path(os.environ["BENCHMARK_FOLDER"]) / "tienda.json"
MULTINEXO_OAUTH |= {
    "ISSUER": "https://example.com/auth/v1",
    "TOKEN_CACHE": os.environ.get("BENCHMARK_CACHE"),
    "TOKEN_CACHE_SECONDS": 60,
    "THROTTLES": {"token": "1000000/s"},
}
