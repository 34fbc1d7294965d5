"""Settings of one of several processes of a site: a database and a Redis that they share, where the test says."""

import os

from tests.settings import *

DATABASES = {"default": DATABASES["default"] | {"NAME": os.environ["SITE_DATABASE"]}}
CACHES = CACHES | {
    "tokens": {
        "BACKEND": "multinexo_oauth.redis_cache.RedisCache",
        "LOCATION": os.environ["SITE_REDIS"],
    }
}
MULTINEXO_OAUTH = {**MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
