"""Nobody manages a client but who holds its registration access token, and nobody beyond the rules."""

import pytest

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.registration import change, client_of, good, manage, registered

pytestmark = pytest.mark.usefixtures("open_registration")


@pytest.fixture
def answer():
    return registered()


def unauthorized(answer):
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer ")
    # No authorization gives a registration access token, so there is no metadata to lead to one.
    assert "resource_metadata" not in answer["WWW-Authenticate"]
    assert answer.json()["error_description"]
    assert answer["Cache-Control"] == "no-store"


@proves("management-token")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "header", ["", "Basic eDp5", "Bearer", "Bearer unknown", "Bearer \xff", "Bearer a b"]
)
def test_without_its_token(answer, method, header):
    unauthorized(manage(method, answer, good(client_id=answer["client_id"]), Authorization=header))
    assert Application.objects.get().name == "Agente"


@proves("management-token")
def test_with_another_clients_token(answer):
    other = registered(client_name="Otro")
    mixed = answer | {"registration_access_token": other["registration_access_token"]}
    unauthorized(manage("GET", mixed))
    unauthorized(manage("DELETE", mixed))
    assert Application.objects.count() == 2


@proves("management-token")
def test_with_an_access_token_of_its_own(person, answer):
    tokens = person.tokens(client_of(answer))
    unauthorized(manage("GET", answer | {"registration_access_token": tokens["access_token"]}))


@proves("management-token")
@pytest.mark.parametrize("path", ["unknown", "%00", "~", "~AA", "~%2e%2e", "x" * 400, "%ff"])
def test_a_client_that_is_not_there(answer, path):
    other = manage("GET", answer | {"registration_client_uri": f"/auth/v1/register/{path}/"})
    assert other.status_code in {401, 404}


@proves("management-token")
@pytest.mark.parametrize("token", ["", "anything"])
def test_an_application_of_a_developers(web, answer, token):
    web.application.registration_token = ""
    web.application.save()
    path = f"/auth/v1/register/{web.client_id}/"
    mixed = {"registration_client_uri": path, "registration_access_token": token}
    unauthorized(manage("GET", mixed))


@proves("management-token")
def test_a_suspended_client(answer):
    Application.objects.get().suspend()
    unauthorized(manage("GET", answer))
    unauthorized(manage("DELETE", answer))
    assert Application.objects.exists()


@proves("management-change")
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "another"},
        {"client_id": ["a"]},
        {"registration_access_token": "x"},
        {"registration_client_uri": "https://agent.example/"},
        {"client_id_issued_at": 1},
        {"client_secret_expires_at": 0},
        {"client_secret": "guessed"},
        {"client_secret": 1},
        {"client_secret": "\x00"},
        {"client_secret": "\ud800"},
        {"client_uri": "javascript:alert(1)"},
        {"scope": "documents:write"},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"grant_types": ["client_credentials"]},
    ],
)
def test_a_change_that_is_not_good(answer, changes):
    refused = change(answer, **changes)
    assert refused.status_code == 400
    assert refused.json()["error"] == "invalid_client_metadata"
    assert manage("GET", answer).json() == answer


@proves("management-change")
def test_a_change_to_a_redirect_uri_that_is_not_safe(answer):
    refused = change(answer, redirect_uris=["http://agent.example/"])
    assert refused.json()["error"] == "invalid_redirect_uri"
    assert manage("GET", answer).json() == answer


@proves("management-change")
def test_a_client_with_a_secret_does_not_come_to_be_without():
    answer = registered(token_endpoint_auth_method="client_secret_basic")
    refused = change(answer, token_endpoint_auth_method="none")
    assert refused.json()["error"] == "invalid_client_metadata"


@proves("management-change")
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 10_000, b" " * 20_000])
def test_a_change_that_is_no_small_json_object(answer, body):
    assert manage("PUT", answer, body).json()["error"] == "invalid_client_metadata"


def test_another_method(answer):
    refused = manage("POST", answer, good())
    assert refused.status_code == 405
    assert refused["Allow"] == "GET, PUT, DELETE, OPTIONS"
