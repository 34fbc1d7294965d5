"""Bodies and headers as programs of other languages send them to the endpoints."""

import json
import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from multinexo_oauth.models import Event
from tests import device as devices
from tests.conformance import proves
from tests.oauth import FORM, PRODUCTS, REVOKE, TOKEN, VERIFIER, OAuthClient, Person, basic
from tests.registration import good
from tests.responses import ClientResponse

INTROSPECT = "/auth/v1/introspect/"
DEVICE = "/auth/v1/device-authorization/"
ENDPOINTS = (TOKEN, REVOKE, INTROSPECT, DEVICE)
CREDENTIALS = b"grant_type=client_credentials"
# RFC 6749 section 5.2: what an error_description may hold.
DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")


def chunked(
    path: str, body: bytes, content_type: str = FORM, terminated: bool = True, **environ: Any
) -> ClientResponse:
    """Post a body without a length, as a WSGI server hands it on that marks its end, or as one that does not."""
    environ |= {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_TYPE": content_type,
        "wsgi.input": BytesIO(body),
    }
    if terminated:
        environ["wsgi.input_terminated"] = True
    return Client().generic("POST", path, **environ)


@proves("token-chunked")
def test_a_chunked_body_is_read(service: OAuthClient) -> None:
    header = basic(service.client_id, service.secret or "")
    answer = chunked(TOKEN, b"grant_type=client_credentials", HTTP_AUTHORIZATION=header)
    assert answer.json()["token_type"] == "Bearer"


@proves("token-chunked")
@pytest.mark.usefixtures("open_registration")
@pytest.mark.django_db
def test_a_chunked_registration_is_read() -> None:
    answer = chunked("/auth/v1/register/", json.dumps(good()).encode(), "application/json")
    assert answer.status_code == 201


@proves("token-chunked")
@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_chunked_body_without_a_marked_end_is_answered_411(path: str, db: None) -> None:
    answer = chunked(path, b"grant_type=client_credentials", terminated=False)
    assert (answer.status_code, answer.json()["error"]) == (411, "invalid_request")
    assert "Content-Length" in answer.json()["error_description"]
    assert answer["Cache-Control"] == "no-store"


@proves("token-chunked", "never-a-server-error")
def test_a_chunked_body_has_the_sites_bound(db: None, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert chunked(TOKEN, b"a" * 1001).status_code == 413
    assert chunked(TOKEN, b"a" * 1000).status_code in {400, 401}


@proves("token-charset")
@pytest.mark.parametrize(
    "charset", ["ISO-8859-1", "utf-8", "UTF8", "us-ascii", "windows-1252", "utf-16", '"utf-8"']
)
def test_a_form_is_read_whatever_its_charset(service: OAuthClient, charset: str) -> None:
    header = {"Authorization": basic(service.client_id, service.secret or "")}
    answer = Client().generic("POST", TOKEN, CREDENTIALS, f"{FORM}; charset={charset}", headers=header)
    assert answer.status_code == 200, answer.content


@proves("token-charset", "never-a-server-error")
@pytest.mark.parametrize("charset", ["nonsense", "hex", "undefined", "rot13", "x" * 500, "\xe9"])
@pytest.mark.parametrize("path", [*ENDPOINTS, "/auth/v1/register/"])
@pytest.mark.usefixtures("open_registration")
def test_a_charset_that_nobody_knows_is_the_clients_error(db: None, path: str, charset: str) -> None:
    answer = Client().generic("POST", path, CREDENTIALS, f"{FORM}; charset={charset}")
    assert (answer.status_code, "error" in answer.json()) == (400, True)


@proves("token-charset", "never-a-server-error")
@pytest.mark.parametrize("charset", ["nonsense", "hex", "undefined", "utf-16"])
def test_no_charset_breaks_another_url(person: Person, charset: str, settings: Any) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"QUERY_TOKENS": True}
    kind = f"{FORM}; charset={charset}"
    for path in ("/auth/v1/mis-aplicaciones/nueva/web/", "/auth/v1/userinfo/", PRODUCTS, "/auth/v1/device/"):
        for method in ("GET", "POST"):
            # Django itself reads the query by the body's charset before any view is asked, and fails for some.
            answer = person.browser.generic(method, path, b"a=%ff", kind)
            assert answer.status_code < 500, (method, path)


@proves("client-other-scheme")
@pytest.mark.parametrize("header", ["Bearer stale", "Bearer", "DPoP x", "Digest username=x", "x"])
def test_an_authorization_that_authenticates_no_client_is_ignored(
    person: Person, spa: OAuthClient, service: OAuthClient, header: str
) -> None:
    refresh_token = person.tokens(spa)["refresh_token"]
    stale = {"Authorization": header}
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    assert spa.post(TOKEN, form, **stale).status_code == 200
    form = {
        "grant_type": "client_credentials",
        "client_id": service.client_id,
        "client_secret": service.secret,
    }
    assert service.post(TOKEN, form, **stale).status_code == 200
    assert not Event.objects.filter(action=Event.Action.THROTTLED).exists()
    cache.clear()
    for _ in range(15):
        assert (
            spa.post(TOKEN, {"grant_type": "refresh_token", "refresh_token": "x"}, **stale).status_code == 400
        )


@proves("client-basic-public")
def test_basic_without_a_secret_identifies_a_public_client(person: Person, spa: OAuthClient) -> None:
    header = {"Authorization": basic(spa.client_id, "")}
    code = person.consent(spa)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": spa.redirect_uri,
        "code_verifier": VERIFIER,
    }
    answer = spa.http.post(TOKEN, urlencode(form), FORM, headers=header)
    assert answer.status_code == 200
    assert spa.http.post(REVOKE, "token=x", FORM, headers=header).status_code == 200


def _errors(
    person: Person, web: OAuthClient, device: OAuthClient, service: OAuthClient
) -> dict[str, ClientResponse]:
    tokens = person.tokens(web)
    started = devices.started(device)
    web.exchange(used := person.consent(web))
    return {
        "no form": Client().post(TOKEN, "{}", "application/json"),
        "no client": Client().post(TOKEN, "grant_type=x", FORM),
        "wrong client": web.post(TOKEN, {}, Authorization=basic(web.client_id, "wrong")),
        "two methods": web.post(TOKEN, {"client_secret": web.secret}),
        "no grant type": web.post(TOKEN, {}),
        "unknown grant type": web.token("password"),
        "another kind's grant type": web.token("client_credentials"),
        "a service's code": service.token("authorization_code", code="x"),
        "a device's code at a web server": web.token(devices.GRANT_TYPE, device_code="x"),
        "no code": web.token("authorization_code"),
        "unknown code": web.exchange("x"),
        "used code": web.exchange(used),
        "wrong verifier": web.exchange(person.consent(web), code_verifier="w" * 43),
        "no verifier": web.exchange(person.consent(web), code_verifier=None),
        "wrong redirect URI": web.exchange(person.consent(web), redirect_uri="https://web.example/other"),
        "no refresh token": web.token("refresh_token"),
        "unknown refresh token": web.refresh("x"),
        "wider scope": web.refresh(tokens["refresh_token"], scope="documents:read"),
        "a service's scope": service.token("client_credentials", scope="documents:write"),
        "resource": web.refresh(tokens["refresh_token"], resource="https://elsewhere.example/"),
        "repeated": Client().post(TOKEN, "grant_type=a&grant_type=b", FORM),
        "query": Client().post(f"{TOKEN}?a=b", "grant_type=a", FORM),
        "pending": devices.poll(device, started["device_code"]),
        "too soon": devices.poll(device, started["device_code"]),
        "unknown device code": devices.poll(device, "x"),
        "no device code": device.token(devices.GRANT_TYPE),
        "device scope": device.post(DEVICE, {"scope": "unknown"}),
        "a web server's device": web.post(DEVICE, {}),
        "no token to revoke": web.post(REVOKE, {}),
        "no token to introspect": web.post(INTROSPECT, {}),
        "public introspection": device.post(INTROSPECT, {"token": "x"}),
        "wrong method": Client().get(TOKEN),
        "registration": Client().post("/auth/v1/register/", "{}", "application/json"),
    }


@proves("token-described")
@pytest.mark.usefixtures("open_registration")
def test_every_error_is_described(
    person: Person, web: OAuthClient, device: OAuthClient, service: OAuthClient
) -> None:
    undescribed = {
        name: answer.content
        for name, answer in _errors(person, web, device, service).items()
        if not DESCRIPTION.fullmatch(answer.json().get("error_description", "")) or answer.status_code < 400
    }
    assert not undescribed
