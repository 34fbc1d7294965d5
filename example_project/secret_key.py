"""Keys that are made at the first start and stay on this machine."""

import os
from collections.abc import Callable
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from multinexo_oauth.signing_keys import generate


def secret_key(path: Path) -> str:
    """Return Django's secret key, which is made when it is not there yet."""
    return _kept(path, get_random_secret_key)


def signing_key(path: Path) -> str:
    """Return the private key of ID tokens, which is made when it is not there yet."""
    return _kept(path, generate)


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return the text kept in the file. Its owner alone may read it."""
    if not path.exists():
        made = make()
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with open(descriptor, "w") as file:
            file.write(made)
    return path.read_text()
