"""Access tokens for tests and local work, without the way through the pages."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ...models import AccessToken, Application, Kind
from ...scopes import Scopes, catalogue
from ...storage.digest import digest


def create_token(
    user: Any, scopes: str | Iterable[str] = (), application: Application | None = None, seconds: int = 900
) -> str:
    """Store an access token that lives so many seconds, and return its value. Raises ValueError for a
    scope that the catalogue does not know."""
    wanted = Scopes.read(scopes)
    if unknown := set(wanted.names) - set(catalogue()):
        raise ValueError(f"There is no scope {', '.join(sorted(unknown))}.")
    value = secrets.token_urlsafe(32)
    AccessToken.objects.create(
        user=user,
        application=application or _application(),
        scope=wanted,
        token_checksum=digest(value),
        expires=timezone.now() + timedelta(seconds=seconds),
    )
    return value


def _application() -> Application:
    """Return the application of tokens that nobody asked for by OAuth; it can ask for none."""
    found, _created = Application.objects.get_or_create(name="acting_as", kind=Kind.SERVICE, user=None)
    return found
