"""A JavaScript client reads the token endpoint's answers from its own origins, success and error alike."""

import pytest
from django.test import Client

from tests.conformance import proves
from tests.oauth import REVOKE, TOKEN

ORIGIN = "https://spa.example"


@proves("cors-preflight", "cors-revocation")
@pytest.mark.parametrize("path", [TOKEN, REVOKE, "/auth/v1/token"])
def test_a_registered_origin_passes_the_preflight(spa, path):
    answer = Client().options(path, headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert answer["Access-Control-Allow-Methods"] == "POST"
    assert "Content-Type" in answer["Access-Control-Allow-Headers"]
    assert "Origin" in answer["Vary"]


@proves("cors-answers")
def test_it_reads_success_and_error(person, spa):
    headers = {"Origin": ORIGIN}
    error = spa.post(TOKEN, {"grant_type": "refresh_token", "refresh_token": "unknown"}, **headers)
    assert error.status_code == 400
    assert error["Access-Control-Allow-Origin"] == ORIGIN
    tokens = person.tokens(spa)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    success = spa.post(TOKEN, form, **headers)
    assert success.status_code == 200
    assert success["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in success


@proves("cors-revocation")
def test_it_reads_the_answers_of_the_revocation(person, spa):
    token = person.tokens(spa)["access_token"]
    for form, status in [({"token": token}, 200), ({}, 400)]:
        answer = spa.post(REVOKE, form, Origin=ORIGIN)
        assert answer.status_code == status
        assert answer["Access-Control-Allow-Origin"] == ORIGIN
        assert "Origin" in answer["Vary"]


@proves("cors-others")
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://spa.example", "https://spa", "\x00", "ñ", ""]
)
def test_another_origin_reads_nothing(spa, origin):
    form = {"grant_type": "refresh_token", "refresh_token": "unknown"}
    for answer in [spa.post(TOKEN, form, Origin=origin), Client().options(TOKEN, headers={"Origin": origin})]:
        assert "Access-Control-Allow-Origin" not in answer
        assert "Origin" in answer["Vary"]


@proves("cors-answers")
def test_an_origin_reads_its_own_clients_answers_alone(spa, native):
    answer = native.post(TOKEN, {"grant_type": "refresh_token", "refresh_token": "unknown"}, Origin=ORIGIN)
    assert "Access-Control-Allow-Origin" not in answer


@proves("cors-preflight")
def test_a_suspended_applications_origin_reads_nothing(spa):
    spa.application.suspend()
    assert "Access-Control-Allow-Origin" not in Client().options(TOKEN, headers={"Origin": ORIGIN})


@proves("cors-not-introspection")
def test_introspection_is_not_for_pages(web, spa):
    answer = web.post("/auth/v1/introspect/", {"token": "unknown"}, Origin=ORIGIN)
    assert "Access-Control-Allow-Origin" not in answer
