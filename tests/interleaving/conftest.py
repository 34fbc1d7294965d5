from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.oauth import register

from .outcome import Stage
from .scene import ALLOWED

TOKENS = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tokens of the scenes"}


@pytest.fixture
def stage(transactional_db: None, settings: Any) -> Stage:
    settings.CACHES = settings.CACHES | {"tokens": TOKENS}
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {
        "TOKEN_CACHE": "tokens",
        "PASSWORD_CHANGE_ENDS_TOKENS": True,
        "LIVE_SECRETS": 3,
        "DYNAMIC_REGISTRATION": "open",
        "SELF_REGISTERED_SCOPES": ALLOWED.split(),
    }
    staff = User.objects.create_superuser("staff-of-the-stage", "staff@example.com")
    server = register(staff, "service", name="API")
    server.application.resource_server = True
    server.application.save()
    return Stage(staff, server)
