"""How many statements the database is asked for each step, those of transactions aside."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import device as devices
from tests.conformance import proves
from tests.endpoints.openid import userinfo
from tests.oauth import OAuthClient, Person, register

pytestmark = proves("queries")
TRANSACTION = re.compile(r"SAVEPOINT|RELEASE|BEGIN|COMMIT|ROLLBACK|SET ")
Budget = Callable[[int], Any]


@pytest.fixture
def at_most() -> Budget:
    @contextmanager
    def budget(most: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        asked = [query["sql"] for query in captured if not TRANSACTION.match(query["sql"])]
        assert len(asked) <= most, "\n".join(asked)

    return budget


@pytest.fixture
def known(web: OAuthClient) -> OAuthClient:
    """A client whose use of its secret has been noted, as it is once an hour."""
    assert web.refresh("unknown").status_code == 400
    return web


def test_the_consent_page(person: Person, web: OAuthClient, at_most: Budget) -> None:
    with at_most(5):
        assert person.visit(web).status_code == 200


def test_a_consent(person: Person, web: OAuthClient, at_most: Budget) -> None:
    page = person.visit(web)
    with at_most(10):
        assert person.decide(page).status_code == 302


def test_a_consent_that_is_added_to(person: Person, web: OAuthClient, at_most: Budget) -> None:
    person.consent(web, scope="products:read")
    page = person.visit(web)
    with at_most(9):
        assert person.decide(page).status_code == 302


def test_a_consent_that_stands(person: Person, web: OAuthClient, at_most: Budget) -> None:
    person.consent(web)
    with at_most(8):
        assert person.visit(web).status_code == 302


def test_a_code_exchange(person: Person, known: OAuthClient, at_most: Budget) -> None:
    code = person.consent(known)
    with at_most(10):
        assert known.exchange(code).status_code == 200


def test_a_code_exchange_with_an_id_token(luis: Person, login: OAuthClient, at_most: Budget) -> None:
    login.refresh("unknown")
    code = luis.consent(login, scope="openid profile email")
    with at_most(10):
        assert "id_token" in login.exchange(code).json()


def test_a_refresh(known: OAuthClient, tokens: dict[str, Any], at_most: Budget) -> None:
    with at_most(8):
        assert known.refresh(tokens["refresh_token"]).status_code == 200


def test_a_refresh_with_an_id_token(luis: Person, login: OAuthClient, at_most: Budget) -> None:
    tokens = luis.tokens(login, scope="openid")
    with at_most(8):
        assert "id_token" in login.refresh(tokens["refresh_token"]).json()


def test_a_token_for_a_service(service: OAuthClient, at_most: Budget) -> None:
    service.token("client_credentials")
    with at_most(3):
        assert service.token("client_credentials").status_code == 200


def test_a_poll_of_a_device_that_was_let_in(person: Person, device: OAuthClient, at_most: Budget) -> None:
    codes = devices.started(device)
    devices.let_in(person, codes["user_code"])
    with at_most(10):
        assert devices.poll(device, codes["device_code"]).status_code == 200


def test_a_poll_of_a_device_that_waits(device: OAuthClient, at_most: Budget) -> None:
    codes = devices.started(device)
    with at_most(4):
        assert devices.poll(device, codes["device_code"]).status_code == 400


def test_an_introspection(owner: Any, tokens: dict[str, Any], at_most: Budget) -> None:
    api = register(owner, "service")
    api.application.resource_server = True
    api.application.save()
    form = {"token": tokens["access_token"]}
    api.post("/auth/v1/introspect/", form)
    with at_most(3):
        assert api.post("/auth/v1/introspect/", form).json()["active"]


def test_an_introspection_of_ones_own_refresh_token(
    known: OAuthClient, tokens: dict[str, Any], at_most: Budget
) -> None:
    with at_most(4):
        assert known.post("/auth/v1/introspect/", {"token": tokens["refresh_token"]}).json()["active"]


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_revocation(known: OAuthClient, tokens: dict[str, Any], at_most: Budget, which: str) -> None:
    with at_most(6):
        assert known.revoke(tokens[which]).status_code == 200


def test_a_revocation_by_a_service(service: OAuthClient, at_most: Budget) -> None:
    token = service.token("client_credentials").json()["access_token"]
    with at_most(6):
        assert service.revoke(token).status_code == 200


def test_userinfo(luis: Person, login: OAuthClient, at_most: Budget) -> None:
    token = luis.tokens(login, scope="openid email")["access_token"]
    with at_most(2):
        assert userinfo(token).status_code == 200
