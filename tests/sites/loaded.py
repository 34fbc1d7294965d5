"""Settings of one of several processes of a site under load: what goes wrong is written to a file."""

import os

from tests.sites.two_processes import *

DEBUG = False
# Every request of a thread has a connection of its own, and leaves none open that another could not have.
DATABASES = {"default": DATABASES["default"] | {"CONN_MAX_AGE": 0}}
MULTINEXO_OAUTH = {
    **MULTINEXO_OAUTH,
    "ISSUER": "https://example.com/auth/v1",
    "PASSWORD_CHANGE_ENDS_TOKENS": True,
    # Short, so that a bounded run sees what comes after it.
    "REFRESH_GRACE_SECONDS": 1,
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "file": {"class": "logging.FileHandler", "filename": os.environ["SITE_LOG"], "level": "ERROR"},
    },
    "root": {"handlers": ["file"]},
    "loggers": {"django": {"handlers": ["file"], "propagate": False}},
}
