"""What some tests need of the machine: a bare one skips them with the reason, CI fails instead."""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
NODE = Path(__file__).parent / "clients/node"
APACHE = Path("/usr/sbin/apache2")
APACHE_MODULES = Path("/usr/lib/apache2/modules")
CHROMIUM_NAMES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")


def require(condition: object, reason: str) -> None:
    """Skip the test unless the condition holds; in CI, where everything must be there, fail it."""
    if condition:
        return
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def chromium() -> str | None:
    """Return the path of an installed Chromium, or None; the CHROMIUM variable names one elsewhere."""
    named = os.environ.get("CHROMIUM")
    candidates = (named,) if named else CHROMIUM_NAMES
    return next((path for name in candidates if (path := shutil.which(name))), None)


def node_has(package: str) -> bool:
    """Tell whether there is a Node, and the package in its folder here."""
    return shutil.which("node") is not None and (NODE / "node_modules" / package).is_dir()


def apache_has(module: str) -> bool:
    """Tell whether Debian's Apache is there with the module."""
    return APACHE.is_file() and (APACHE_MODULES / f"{module}.so").is_file()


def database_answers() -> bool:
    """Tell whether the database of the settings can be reached; SQLite always can."""
    server: dict[str, Any] = settings.DATABASES["default"]
    return not server.get("HOST") or answers(server["HOST"], int(server["PORT"]))


def answers(host: str, port: int) -> bool:
    """Tell whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False
