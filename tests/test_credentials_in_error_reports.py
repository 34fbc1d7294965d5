"""Whatever fails while a request is answered: no credential of it stands in the report of the failure.

Each request is sent again and again; each time the database fails one statement later.
"""

import json
import logging
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core import mail
from django.core.signals import got_request_exception
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.log import AdminEmailHandler
from django.views.debug import ExceptionReporter, technical_500_response

from multinexo_oauth.log import ScrubAccessTokens
from multinexo_oauth.models import ClientSecret
from multinexo_oauth.server.bearer.token import find_bearer
from multinexo_oauth.server.openid import signing_keys
from tests import device as devices
from tests.conformance import proves
from tests.endpoints.openid import JWKS, SCOPES
from tests.mailer import managers
from tests.notices import html
from tests.oauth import (
    AUTHORIZE,
    INTROSPECT,
    PRODUCTS,
    VERIFIER,
    OAuthClient,
    Person,
    after_the_grace_time,
    basic,
    register,
)
from tests.pages.logout.browsing import LOGOUT
from tests.registration import JSON, REGISTER, good, registered
from tests.signing_keys import pem

pytestmark = [pytest.mark.django_db, proves("never-told")]
SWITCH = "/auth/v1/cambiar-cuenta/"
# How to send a request, and the credentials in it.
Place = tuple[Callable[[], Any], list[str]]


class Broken(DatabaseError):
    """What the database raises here."""


@contextmanager
def reported() -> Iterator[list[str]]:
    """Give the reports of what fails, as Django mails them."""
    reports: list[str] = []

    def report(sender: Any, request: Any, **kwargs: Any) -> None:
        found = ExceptionReporter(request, *sys.exc_info(), is_email=True)
        reports.append(found.get_traceback_html() + found.get_traceback_text())

    got_request_exception.connect(report)
    try:
        yield reports
    finally:
        got_request_exception.disconnect(report)


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """Fail at one of the statements that follow, and give those that were sent."""
    sent: list[str] = []

    def execute_or_fail(execute: Any, sql: str, *rest: Any) -> Any:
        # Django's own middleware reads and writes the session, around the view.
        if "SAVEPOINT" not in sql and "django_session" not in sql:
            sent.append(sql)
            if len(sent) == number:
                raise Broken
        return execute(sql, *rest)

    with connection.execute_wrapper(execute_or_fail):
        yield sent


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The random values that the server makes: secrets, codes and tokens."""
    values: list[str] = []
    real = secrets.token_urlsafe

    def noted(size: int | None = None) -> str:
        values.append(real(size))
        return values[-1]

    monkeypatch.setattr(secrets, "token_urlsafe", noted)
    return values


@pytest.fixture
def site(settings: Any) -> dict[str, Any]:
    values = {"DYNAMIC_REGISTRATION": "open", "SELF_REGISTERED_SCOPES": ["products:read"]}
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, **values}
    found: dict[str, Any] = settings.MULTINEXO_OAUTH
    return found


@pytest.fixture
def place(request: Any, site: dict[str, Any], person: Person, owner: Any) -> Place:
    login = register(owner, "web", redirect_uris="https://login.example/cb", scopes=f"{SCOPES} products:read")
    found: Place = request.param(person, login)
    for browser in (person.browser, login.http):
        browser.raise_request_exception = False
    return found


def leaks(reports: list[str], credentials: list[str]) -> list[str]:
    """Return what stands before each credential that a report has."""
    found = {
        report[: report.index(value)][-200:] for value in credentials for report in reports if value in report
    }
    return [" ".join(re.sub(r"<[^>]*>", " ", text).split()) for text in sorted(found)]


def quiet() -> Client:
    return Client(raise_request_exception=False)


def of_browser(person: Person) -> list[str]:
    return [person.browser.cookies["sessionid"].value]


def of_client(client: OAuthClient) -> list[str]:
    """Return a client's secret as it is and as Basic sends it."""
    assert client.secret
    return [client.secret, basic(client.client_id, client.secret).split()[1]]


def lines_of(key: str) -> list[str]:
    """Return what tells a private key: two lines of its PEM."""
    return key.splitlines()[1:3]


# Endpoints


def code(person: Person, login: OAuthClient) -> Place:
    value = person.consent(login, scope="openid products:read")
    return lambda: login.exchange(value), [value, VERIFIER, *of_client(login)]


def code_and_secret_in_the_body(person: Person, login: OAuthClient) -> Place:
    value, secret = person.consent(login, scope="products:read"), login.secret
    login.secret = None
    return lambda: login.exchange(value, client_secret=secret), [value, VERIFIER, str(secret)]


def wrong_secret(person: Person, login: OAuthClient) -> Place:
    login.secret = "a-secret-that-was-good-last-year"
    return lambda: login.exchange("a-code-of-somebody"), ["a-code-of-somebody", *of_client(login)]


def refresh_token(person: Person, login: OAuthClient) -> Place:
    spa = register(login.application.user, "spa", redirect_uris="https://spa.example/cb")
    spa.http.raise_request_exception = False
    value = person.tokens(spa)["refresh_token"]
    return lambda: spa.refresh(value), [value]


def refresh_token_used_again(person: Person, login: OAuthClient) -> Place:
    spa = register(login.application.user, "spa", redirect_uris="https://spa.example/cb")
    spa.http.raise_request_exception = False
    value = person.tokens(spa)["refresh_token"]
    spa.refresh(value)
    after_the_grace_time()
    return lambda: spa.refresh(value), [value]


def revoked_token(person: Person, login: OAuthClient) -> Place:
    value = person.tokens(login, scope="products:read")["access_token"]
    return lambda: login.revoke(value), [value, *of_client(login)]


def introspected_token(person: Person, login: OAuthClient) -> Place:
    value = person.tokens(login, scope="products:read")["refresh_token"]
    return lambda: login.post(INTROSPECT, {"token": value}), [value, *of_client(login)]


def credentials_in_the_address(person: Person, login: OAuthClient) -> Place:
    value = person.consent(login, scope="products:read")
    query = {"client_secret": login.secret, "code": value, "code_verifier": VERIFIER, "token": "a-token-1"}
    path = f"{INTROSPECT}?{urlencode(query)}"
    headers = {"Origin": "https://spa.example"}
    # A preflight asks the database, whatever else is wrong.
    return lambda: login.http.options(path.replace("introspect", "token"), headers=headers), list(
        map(str, query.values())
    )


def userinfo_of_a_token(person: Person, login: OAuthClient) -> Place:
    value = person.tokens(login, scope="openid")["access_token"]
    headers = {"Authorization": f"Bearer {value}"}
    return lambda: login.http.get("/auth/v1/userinfo/", headers=headers), [value]


def token_in_the_header_of_the_api(person: Person, login: OAuthClient) -> Place:
    value = person.tokens(login, scope="products:read")["access_token"]
    headers = {"Authorization": f"Bearer {value}"}
    return lambda: login.http.get(PRODUCTS, headers=headers), [value]


def token_in_the_query_of_the_api(person: Person, login: OAuthClient) -> Place:
    value = person.tokens(login, scope="products:read")["access_token"]
    return lambda: login.http.get(PRODUCTS, {"access_token": value}), [value]


def registration(person: Person, login: OAuthClient) -> Place:
    metadata = json.dumps(good(token_endpoint_auth_method="client_secret_basic"))
    return lambda: login.http.post(REGISTER, metadata, content_type=JSON), []


def managed(method: str) -> Callable[[Person, OAuthClient], Place]:
    def of_method(person: Person, login: OAuthClient) -> Place:
        told = registered(token_endpoint_auth_method="client_secret_basic")
        credentials = [told["registration_access_token"], told["client_secret"]]
        headers = {"Authorization": f"Bearer {credentials[0]}"}
        members = {"client_id": told["client_id"], "client_secret": credentials[1]}
        body = json.dumps(
            good(token_endpoint_auth_method="client_secret_basic", client_name="Otro", **members)
        )
        path = urlsplit(told["registration_client_uri"]).path
        return lambda: login.http.generic(method, path, body, JSON, headers=headers), credentials

    return of_method


# Devices and their page


def polled(answer: bool) -> Callable[[Person, OAuthClient], Place]:
    def device_code(person: Person, login: OAuthClient) -> Place:
        device = register(login.application.user, "device")
        device.http.raise_request_exception = False
        codes = devices.started(device)
        if answer:
            devices.let_in(person, codes["user_code"])
        return lambda: devices.poll(device, codes["device_code"]), [codes["device_code"]]

    return device_code


def user_code(step: str) -> Callable[[Person, OAuthClient], Place]:
    def on_the_page(person: Person, login: OAuthClient) -> Place:
        typed = devices.started(register(login.application.user, "device"))["user_code"]
        form = devices.hidden(person.browser.get(devices.PAGE)) | {"user_code": typed}
        if step == "address":
            return lambda: person.browser.get(devices.PAGE, {"user_code": typed}), [typed]
        if step == "allow":
            page = devices.permissions_page(person, typed)
            form = devices.hidden(page) | {"decision": "allow", "scopes": ["products:read"]}
        found = [typed, typed.replace("-", ""), *of_browser(person), form.get("request", typed)]
        return lambda: person.browser.post(devices.PAGE, form), found

    return on_the_page


# Pages that an ID token comes to


def hinted(send: Callable[[Person, OAuthClient, str], Any]) -> Callable[[Person, OAuthClient], Place]:
    def with_hint(person: Person, login: OAuthClient) -> Place:
        hint = person.tokens(login, scope="openid products:read")["id_token"]
        credentials = [hint, hint.rpartition(".")[2], *of_browser(person)]
        return lambda: send(person, login, hint), credentials

    return with_hint


def authorize(**changes: str) -> Callable[[Person, OAuthClient, str], Any]:
    def visit(person: Person, login: OAuthClient, hint: str) -> Any:
        return person.visit(login, scope="openid products:read", id_token_hint=hint, **changes)

    return visit


def consent_page(person: Person, login: OAuthClient) -> Place:
    page = person.visit(login, scope="products:read")
    return lambda: person.decide(page), of_browser(person)


def switch_account(person: Person, login: OAuthClient) -> Place:
    hint = person.tokens(login, scope="openid products:read")["id_token"]
    back = f"{AUTHORIZE}?{urlencode(login.request(id_token_hint=hint))}"
    form = devices.hidden(person.browser.get(devices.PAGE)) | {"next": back}
    return lambda: person.browser.post(SWITCH, form), [hint, hint.rpartition(".")[2]]


PLACES: dict[str, Callable[[Person, OAuthClient], Place]] = {
    "code": code,
    "secret in the body": code_and_secret_in_the_body,
    "wrong secret": wrong_secret,
    "refresh token": refresh_token,
    "refresh token used again": refresh_token_used_again,
    "revocation": revoked_token,
    "introspection": introspected_token,
    "credentials in the address": credentials_in_the_address,
    "userinfo": userinfo_of_a_token,
    "API, header": token_in_the_header_of_the_api,
    "API, query": token_in_the_query_of_the_api,
    "registration": registration,
    "registration read": managed("GET"),
    "registration changed": managed("PUT"),
    "registration ended": managed("DELETE"),
    "device that waits": polled(answer=False),
    "device that was let in": polled(answer=True),
    "user code in the address": user_code("address"),
    "user code typed": user_code("typed"),
    "user code carried": user_code("allow"),
    "hint, asked": hinted(authorize(prompt="consent")),
    "hint, silent": hinted(authorize(prompt="none")),
    "consent": consent_page,
    "hint, another account": switch_account,
    "logout": hinted(lambda person, login, hint: person.browser.get(LOGOUT, {"id_token_hint": hint})),
    "logout, posted": hinted(
        lambda person, login, hint: person.browser.post(LOGOUT, {"id_token_hint": hint})
    ),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES, indirect=True)
def test_wherever_the_database_fails(place: Place, made: list[str]) -> None:
    send, credentials = place
    failures = 0
    with reported() as reports:
        for number in range(1, 100):
            with transaction.atomic(), failing_at(number) as sent:
                send()
                transaction.set_rollback(True)
            if len(sent) < number:
                break
            failures += 1
    assert failures
    assert "Broken" in reports[0]
    assert leaks(reports, [*credentials, *made]) == []


@pytest.mark.parametrize("place", [code], ids=["code"], indirect=True)
def test_where_the_claims_of_the_site_fail(
    place: Place, made: list[str], site: dict[str, Any], settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**site, "CLAIMS": f"{__name__}.failing_claims"}
    send, credentials = place
    with reported() as reports:
        send()
    (report,) = reports
    assert "Broken" in report
    credentials += [*made, *lines_of(site["SIGNING_KEYS"][0])]
    assert leaks(reports, credentials) == []


def failing_claims(user: Any, scopes: frozenset[str]) -> dict[str, Any]:
    raise Broken


# Signing keys


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "key",
    [
        pem(rsa.generate_private_key(65537, 1024)),
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(ec.generate_private_key(ec.SECP256R1())).replace("PRIVATE KEY", "SECRET KEY"),
    ],
    ids=["short", "curve", "malformed"],
)
def test_an_unusable_signing_key(settings: Any, rf: Any, key: str, debug: bool) -> None:
    settings.DEBUG = debug
    good_key = settings.MULTINEXO_OAUTH["SIGNING_KEYS"][0]
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SIGNING_KEYS": [good_key, key]}
    reports: list[str] = []

    def report(sender: Any, request: Any, **kwargs: Any) -> None:
        reports.append(technical_500_response(request, *sys.exc_info()).content.decode())
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_text())

    got_request_exception.connect(report)
    try:
        assert quiet().get(JWKS).status_code == 500
    finally:
        got_request_exception.disconnect(report)
    assert "UnusableKey" in reports[0]
    assert leaks(reports, [*lines_of(key), *lines_of(good_key)]) == []


def test_a_signing_key_that_the_library_chokes_on(settings: Any, monkeypatch: Any) -> None:
    def fail(*args: Any) -> None:
        raise Broken

    monkeypatch.setattr("jwcrypto.jwk.JWK.from_pyca", fail)
    signing_keys._read_all.cache_clear()
    with reported() as reports:
        assert quiet().get(JWKS).status_code == 500
    (report,) = reports
    assert "Broken" in report
    assert leaks(reports, lines_of(settings.MULTINEXO_OAUTH["SIGNING_KEYS"][0])) == []


def test_a_signing_key_that_is_only_checked(monkeypatch: Any) -> None:
    def fail(*args: Any) -> None:
        raise Broken

    monkeypatch.setattr("jwcrypto.jwk.JWK.from_pyca", fail)
    key = pem(ec.generate_private_key(ec.SECP256R1()))
    assert leaks([report_of(lambda: signing_keys.read(key))], lines_of(key)) == []


# Whoever calls


def report_of(call: Callable[[], Any]) -> str:
    """Return the report of a call that fails, without the frames of its caller."""
    with pytest.raises(Broken) as caught:
        call()
    assert caught.tb
    assert caught.tb.tb_next
    report = ExceptionReporter(None, caught.type, caught.value, caught.tb.tb_next.tb_next)
    assert "Broken" in report.get_traceback_html()
    return report.get_traceback_html()


def test_a_token_that_is_looked_up(site: dict[str, Any]) -> None:
    value = "an-access-token-of-somebody"
    with failing_at(1):
        assert leaks([report_of(lambda: find_bearer(value))], [value]) == []


def test_a_secret_that_is_made(web: OAuthClient, made: list[str]) -> None:
    ClientSecret.objects.all().delete()
    with failing_at(4):
        assert leaks([report_of(lambda: ClientSecret.issue(web.application))], made) == []
    assert made


# Messages to the site's ADMINS


@pytest.mark.parametrize(
    ("path", "name"),
    [(PRODUCTS, "access_token"), ("/cuentas/entrar/", "user_code"), ("/cuentas/entrar/", "id_token_hint")],
)
def test_a_message_has_no_credential_of_an_address(settings: Any, rf: Any, path: str, name: str) -> None:
    """Not of a page of the site's own either, nor of the address that is come back to after logging in."""
    settings.ADMINS = managers("admin@example.com")
    value = "A-credential-of-somebody"
    back = f"/somewhere/?{urlencode({name: value, 'page': 2})}"
    request = rf.get(path, {name: value, "next": back, "page": "2"})
    assert value in repr(request.GET)
    logger = logging.getLogger("tests.errors")
    handler = AdminEmailHandler(include_html=True)
    handler.addFilter(ScrubAccessTokens())
    logger.addHandler(handler)
    try:
        logger.error("Internal Server Error: %s", path, extra={"request": request, "status_code": 500})
    finally:
        logger.removeHandler(handler)
    message: Any = mail.outbox[0]
    for text in (message.body, html(message)):
        assert "***" in text
        assert value not in text
        assert "page" in text
    assert re.search(r"page.{0,9}2", str(message.body))
