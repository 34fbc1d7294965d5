"""What the shop's developer copied from Mis Aplicaciones: a client id and a secret."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings


class Credentials(NamedTuple):
    client_id: str
    client_secret: str


def read() -> Credentials | None:
    """Return the credentials of the `TIENDA` setting, or of the file that `seed_demo` wrote; None where neither is."""
    content = getattr(settings, "TIENDA", None) or _from_file(Path(settings.TIENDA_CREDENTIALS))
    try:
        return Credentials(str(content["client_id"]), str(content["client_secret"]))
    except (KeyError, TypeError):
        return None


def _from_file(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
