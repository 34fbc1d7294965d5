"""What Authlib reports where the person or the server says no."""

from collections.abc import Iterator

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError

from tests.clients.conftest import Site
from tests.clients.person import Person, parameters
from tests.conformance import proves
from tests.oauth import OAuthClient


@pytest.fixture
def session(web_application: OAuthClient) -> Iterator[OAuth2Session]:
    with OAuth2Session(
        web_application.client_id,
        web_application.secret,
        scope="products:read",
        redirect_uri=web_application.redirect_uri,
        code_challenge_method="S256",
    ) as session:
        yield session


@proves("authorize-denied", "authorize-state", "authorize-iss")
def test_a_refusal_is_an_error_with_its_state_and_issuer(
    session: OAuth2Session, site: Site, luis: Person
) -> None:
    url, state = session.create_authorization_url(site.authorization, code_verifier=generate_token(48))
    answer = parameters(luis.refuse(url))
    assert answer["error"] == "access_denied"
    assert answer["state"] == state
    assert answer["iss"] == site.issuer
    assert "code" not in answer


@proves("code-verifier")
def test_a_code_without_its_verifier_is_refused(session: OAuth2Session, site: Site, luis: Person) -> None:
    url, state = session.create_authorization_url(site.authorization, code_verifier=generate_token(48))
    answer = luis.authorize(url)
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.fetch_token(
            site.token, authorization_response=answer, state=state, code_verifier=generate_token(48)
        )


@proves("client-refused")
def test_a_wrong_secret_is_refused(service_application: OAuthClient, site: Site) -> None:
    session = OAuth2Session(service_application.client_id, "not the secret")
    with session, pytest.raises(OAuthError, match="invalid_client"):
        session.fetch_token(site.token, grant_type="client_credentials")
