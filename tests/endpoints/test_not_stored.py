"""No cache keeps what an endpoint answers, old ones neither (RFC 6749 section 5.1)."""

import pytest
from django.test import Client

from tests.conformance import proves
from tests.device import START
from tests.endpoints.openid import userinfo
from tests.oauth import INTROSPECT, REVOKE, TOKEN
from tests.registration import JSON, REGISTER, good, post

pytestmark = proves("never-stored")


def check(answer, status):
    assert answer.status_code == status, answer.content
    assert "no-store" in answer["Cache-Control"]
    assert answer["Pragma"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (TOKEN, {"grant_type": "client_credentials"}),
        (INTROSPECT, {"token": "unknown"}),
        (REVOKE, {"token": "unknown"}),
        (START, {"scope": "products:read"}),
    ],
)
def test_an_endpoint_that_clients_post_to(service, device, path, form):
    client = device if path == START else service
    check(client.post(path, form), 200)
    check(client.http.get(path), 405)
    check(client.http.options(path), 204)
    client.client_id = "unknown"
    check(client.post(path, form), 401)


def test_the_claims_of_a_person(person, login):
    check(userinfo(person.tokens(login, scope="openid")["access_token"]), 200)
    check(userinfo("unknown"), 401)


@pytest.mark.usefixtures("open_registration")
def test_the_registration_of_a_client():
    made = post(good())
    check(made, 201)
    check(post({}), 400)
    check(Client().get(REGISTER), 405)
    path = made.json()["registration_client_uri"]
    token = {"Authorization": f"Bearer {made.json()['registration_access_token']}"}
    check(Client().get(path, headers=token), 200)
    check(Client().get(path), 401)
    check(Client().put(path, good(), content_type=JSON, headers=token), 400)
    check(Client().delete(path, headers=token), 204)
