"""The demonstration as a newcomer starts it: one command, from whatever folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

MANAGE = Path(__file__).resolve().parents[2] / "example_project" / "manage.py"
PATIENCE_SECONDS = 90
SETTINGS = """
from pathlib import Path
from example_project.settings import *
FOLDER = Path(__file__).parent
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3"}}
TIENDA_CREDENTIALS = FOLDER / "tienda.json"
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def demo(tmp_path: Path, port: int) -> Iterator[Path]:
    """A demonstration that serves; the file that holds what it printed."""
    (tmp_path / "demo_settings.py").write_text(SETTINGS)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "demo_settings", "PYTHONPATH": str(tmp_path)}
    output = tmp_path / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, str(MANAGE), "demo", "--port", str(port)],
            cwd=tmp_path,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process, output)
        yield output
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def wait_for(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, output.read_text()
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.2)
    pytest.fail(output.read_text())


def test_the_demonstration_migrates_seeds_tells_what_to_open_and_serves(demo: Path, port: int) -> None:
    printed = demo.read_text()
    for line in (
        f"http://127.0.0.1:{port}/",
        "luis-demo",
        "ana-demo",
        "staff-demo",
        "/tienda/",
        "/mis-aplicaciones/",
    ):
        assert line in printed
    with urlopen(f"http://127.0.0.1:{port}/") as home:
        assert "luis-demo" in home.read().decode()
    with urlopen(f"http://127.0.0.1:{port}/tienda/") as shop:
        assert "Conectar con Multinexo" in shop.read().decode()
