import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.example_project.visitor import Visitor


@pytest.fixture(autouse=True)
def credentials_file(settings: Any, tmp_path: Path) -> Path:
    """The shop's credentials, away from those of a demonstration on the same machine."""
    settings.TIENDA_CREDENTIALS = tmp_path / "tienda.json"
    return settings.TIENDA_CREDENTIALS


def seed_demo(*arguments: str) -> str:
    output = io.StringIO()
    call_command("seed_demo", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def seeded(db: None, tmp_path: Path) -> dict[str, Any]:
    """What `seed_demo` writes about a fresh site."""
    return seed_again(tmp_path)


def seed_again(folder: Path, *arguments: str) -> dict[str, Any]:
    seed_demo("--json", str(folder / "seed.json"), *arguments)
    return json.loads((folder / "seed.json").read_text())


@pytest.fixture
def visitor(live_server: LiveServer) -> Visitor:
    """Somebody new at the site, which answers over HTTP as well: the shop calls it from inside the visit."""
    return Visitor(live_server.url.removeprefix("http://"))


@pytest.fixture
def shop(visitor: Visitor, live_server: LiveServer) -> Visitor:
    """Somebody before the shop of a seeded site."""
    seed_demo("--base-url", live_server.url)
    visitor.open("/tienda/")
    return visitor


@pytest.fixture
def connected(shop: Visitor) -> Visitor:
    """Luis, having connected the shop."""
    shop.press("connect")
    shop.sign_in("luis", "luis-demo")
    shop.press("allow")
    return shop
