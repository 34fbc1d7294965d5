"""Confidential applications that are excused from PKCE, and everybody else who is not (RFC 9700 section 2.1.1)."""

from collections.abc import Callable
from typing import Any

import pytest

from multinexo_oauth.models import Application, Grant
from tests.conformance import proves
from tests.oauth import VERIFIER, OAuthClient, Person, answered, s256
from tests.registration import client_of, registered

pytestmark = proves("authorize-pkce-waived")
WITHOUT: dict[str, str | None] = {"code_challenge": None, "code_challenge_method": None}


@pytest.fixture
def excused(web: OAuthClient) -> OAuthClient:
    Application.objects.update(pkce_waived=True)
    return web


def description(person: Person, client: OAuthClient, **changes: str | None) -> str:
    answer = person.visit(client, **(WITHOUT | changes))
    if answer.status_code == 400:  # nobody is sent on to a client that registered itself
        assert answer.context["error"] == "invalid_request"
        return answer.context["error_description"]
    told = answered(answer)
    assert told["error"] == "invalid_request"
    return told["error_description"]


def test_an_excused_application_signs_in_without_pkce(person: Person, excused: OAuthClient) -> None:
    code = person.consent(excused, **WITHOUT)
    answer = excused.exchange(code, code_verifier=None)
    assert answer.status_code == 200
    assert excused.refresh(answer.json()["refresh_token"]).status_code == 200


def test_its_code_is_good_for_its_own_secret_alone(
    person: Person, excused: OAuthClient, service: OAuthClient
) -> None:
    code = person.consent(excused, **WITHOUT)
    thief = OAuthClient(excused.application, service.secret)
    assert thief.exchange(code, code_verifier=None).status_code == 401
    thief.secret = None
    assert thief.exchange(code, code_verifier=None).status_code == 401
    assert excused.exchange(code, code_verifier=None).status_code == 200


def test_a_verifier_without_a_challenge_is_refused(person: Person, excused: OAuthClient) -> None:
    code = person.consent(excused, **WITHOUT)
    assert excused.exchange(code).json()["error"] == "invalid_grant"
    assert excused.exchange(code, code_verifier=None).status_code == 200


def test_a_challenge_that_is_sent_is_verified(person: Person, excused: OAuthClient) -> None:
    assert excused.exchange(person.consent(excused), code_verifier=None).status_code == 400
    assert excused.exchange(person.consent(excused), code_verifier="w" * 43).status_code == 400
    assert excused.exchange(person.consent(excused), code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge": VERIFIER},
        {"code_challenge": "short", "code_challenge_method": "S256"},
        {"code_challenge_method": "S256"},
    ],
)
def test_a_challenge_that_is_sent_must_be_a_good_one(
    person: Person, excused: OAuthClient, changes: Any
) -> None:
    assert description(person, excused, **changes)
    assert not Grant.objects.exists()


def test_having_it_required_again_leaves_codes_on_their_way_good(
    person: Person, excused: OAuthClient
) -> None:
    code = person.consent(excused, **WITHOUT)
    Application.objects.update(pkce_waived=False)
    assert excused.exchange(code, code_verifier=None).status_code == 200
    assert description(person, excused)


@pytest.mark.parametrize("kind", ["spa", "native"])
def test_no_public_client_is_excused(person: Person, request: pytest.FixtureRequest, kind: str) -> None:
    client = request.getfixturevalue(kind)
    Application.objects.update(pkce_waived=True)
    assert "waive" not in description(person, client)


def test_the_refusal_says_where_the_field_is(
    person: Person, web: OAuthClient, site: Callable[..., None]
) -> None:
    assert description(person, web).endswith(
        "Its owner can waive it for this application, under Credentials."
    )
    site(PKCE_WAIVER="staff")
    assert description(person, web).endswith("Staff can waive it for this application, under Credentials.")


@pytest.mark.usefixtures("open_registration")
def test_clients_that_registered_themselves_follow_the_sites_setting(
    person: Person, site: Callable[..., None]
) -> None:
    client = client_of(registered(token_endpoint_auth_method="client_secret_basic"))
    public = client_of(registered())
    assert "waive" not in description(person, client)
    site(SELF_REGISTERED_PKCE_WAIVER=True)
    code = person.consent(client, **WITHOUT)
    assert client.exchange(code, code_verifier=None).status_code == 200
    assert description(person, public)
    assert (
        client.exchange(
            person.consent(client, code_challenge=s256("v" * 43)), code_verifier="v" * 43
        ).status_code
        == 200
    )
