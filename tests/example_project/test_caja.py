"""The demonstration's cash register, and the people who let it in."""

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django.live_server_helper import LiveServer

from example_project.products.models import Product
from tests.clients.person import Person
from tests.example_project.conftest import seed_demo

PATIENCE_SECONDS = 20


class Register(threading.Thread):
    """One that was just switched on."""

    def __init__(self, site: str) -> None:
        super().__init__(daemon=True)
        self.site = site
        self.output = io.StringIO()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            call_command("caja", "--base-url", self.site, stdout=self.output)
        except CommandError as error:
            self.error = error

    def code(self) -> str:
        """Return the code that it shows, once it does."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if found := re.search(r"[A-Z]{4}-[A-Z]{4}\n", self.output.getvalue()):
                return found[0].strip()
            time.sleep(0.1)
        raise AssertionError(self.output.getvalue())

    def ended(self) -> str:
        self.join(PATIENCE_SECONDS)
        assert not self.is_alive()
        return str(self.error) if self.error else self.output.getvalue()


@pytest.fixture
def luis(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setenv("NO_PROXY", live_server.thread.host)
    seed_demo("--base-url", live_server.url)
    person = Person(live_server.url, "luis", "luis-demo")
    with person.browser:
        yield person


@pytest.fixture
def switch_on(luis: Person, settings: Any) -> Callable[[], Register]:
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"DEVICE_FLOW_INTERVAL": 1}

    def switch_on() -> Register:
        register = Register(luis.site)
        register.start()
        return register

    return switch_on


def test_it_shows_a_code_and_its_qr_and_goes_on_once_it_is_let_in(
    luis: Person, switch_on: Callable[[], Register]
) -> None:
    owner = User.objects.get(username="luis")
    Product.objects.create(owner=owner, name="Yerba", sku="Y-1", price="10.00", stock=1)
    register = switch_on()
    luis.let_in(f"{luis.site}/auth/v1/device/?user_code={register.code()}")
    words = register.ended()
    rows = words[: words.rindex("█")].splitlines()
    assert len(rows) > 10
    assert "" not in rows  # a reader needs its squares to touch
    assert f"{luis.site}/auth/v1/device/" in words
    assert "Yerba" in words


def test_it_says_that_it_was_turned_away(luis: Person, switch_on: Callable[[], Register]) -> None:
    register = switch_on()
    luis.turn_away(f"{luis.site}/auth/v1/device/?user_code={register.code()}")
    assert "no dejó" in register.ended()


def test_it_says_that_nobody_answers(db: None) -> None:
    with pytest.raises(CommandError, match="no responde"):
        call_command("caja", "--base-url", "http://127.0.0.1:1", stdout=io.StringIO())
