"""The secrets of the demonstration's applications, and the files that hold them."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from example_project.tienda import credentials
from multinexo_oauth.models import Application, ClientSecret, Kind
from multinexo_oauth.origin import Origin


def renew(application: Application) -> str | None:
    """Return a fresh secret in place of every one before it, or None for a kind that has none."""
    if not Kind(application.kind).has_secret:
        return None
    for secret in application.secrets.live():
        secret.revoke(Origin(application.user))
    return ClientSecret.issue(application, label="Demostración", origin=Origin(application.user))[1]


def ensure_shop_secret(application: Application) -> None:
    """Leave the shop a secret that works; one that does is left alone, for others may hold it too."""
    known = credentials.read()
    if (
        known is None
        or known.client_id != application.client_id
        or not is_live(application, known.client_secret)
    ):
        give_to_shop(application, renew(application))


def is_live(application: Application, value: str) -> bool:
    return application.secrets.live().matching(value).exists()


def give_to_shop(application: Application, secret: str | None) -> None:
    write_private(settings.TIENDA_CREDENTIALS, {"client_id": application.client_id, "client_secret": secret})


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that only this account of the machine may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
