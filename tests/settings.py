"""The example project's settings, quick and without traces; TEST_DATABASE names the database to run on."""

import os
from typing import Any

from example_project.settings import *

SERVERS: dict[str, dict[str, Any]] = {
    "postgresql": {"ENGINE": "django.db.backends.postgresql", "PORT": "5432", "USER": "postgres"},
    "mariadb": {
        "ENGINE": "django.db.backends.mysql",
        "PORT": "3306",
        "USER": "root",
        "OPTIONS": {"charset": "utf8mb4"},
    },
}


def database(name: str) -> dict[str, Any]:
    """Return the named database's settings; TEST_DATABASE_HOST, _PORT, _USER, _PASSWORD and _NAME override them."""
    if name == "sqlite":
        return DATABASES["default"] | {"NAME": ":memory:"}
    server = {"HOST": "127.0.0.1", "PASSWORD": "", "NAME": "multinexo_oauth", **SERVERS[name]}
    overrides = {
        key: os.environ.get(f"TEST_DATABASE_{key}") for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")
    }
    return server | {key: value for key, value in overrides.items() if value is not None}


DATABASES = {"default": database(os.environ.get("TEST_DATABASE", "sqlite"))}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Off, for the suite asks thousands of times from one address; what tests throttling turns them on.
THROTTLES_OFF: dict[str, Any] = {
    "token": None,
    "introspection": None,
    "revocation": None,
    "device_authorization": None,
    "failures_by_client": None,
    "failures_by_address": None,
    "registration": None,
    "client_id_document": None,
}
MULTINEXO_OAUTH = {**MULTINEXO_OAUTH, "THROTTLES": THROTTLES_OFF}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
