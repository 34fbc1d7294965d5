"""Authlib, as a developer would use it, against the running site."""

from collections.abc import Iterator
from typing import Any

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError

from tests.clients.conftest import Site
from tests.clients.person import Person, parameters
from tests.conformance import proves
from tests.oauth import OAuthClient

PRODUCT = {"name": "Mate", "sku": "M-1", "price": "1200.50", "stock": 3}


@pytest.fixture
def session(web_application: OAuthClient) -> Iterator[OAuth2Session]:
    with OAuth2Session(
        web_application.client_id,
        web_application.secret,
        scope="products:read products:write",
        redirect_uri=web_application.redirect_uri,
        code_challenge_method="S256",
    ) as session:
        yield session


@pytest.fixture
def token(session: OAuth2Session, site: Site, luis: Person) -> dict[str, Any]:
    """What the session received once Luis consented."""
    verifier = generate_token(48)
    url, state = session.create_authorization_url(site.authorization, code_verifier=verifier)
    answer = luis.authorize(url)
    assert parameters(answer)["iss"] == site.issuer
    return session.fetch_token(site.token, authorization_response=answer, state=state, code_verifier=verifier)


@proves("code-good", "code-verifier")
@pytest.mark.usefixtures("token")
def test_a_product_is_created_with_the_persons_permission(session: OAuth2Session, site: Site) -> None:
    assert session.post(site.products, json=PRODUCT).status_code == 201
    assert [product["name"] for product in session.get(site.products).json()] == ["Mate"]


@proves("token-answer")
def test_the_token_says_how_long_it_lives(token: dict[str, Any]) -> None:
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 900


@proves("authorize-less-scope", "token-answer")
def test_the_token_says_what_a_person_granted_of_what_was_asked(
    session: OAuth2Session, site: Site, luis: Person
) -> None:
    verifier = generate_token(48)
    url, state = session.create_authorization_url(site.authorization, code_verifier=verifier)
    answer = luis.authorize_only(url, "products:read")
    token = session.fetch_token(
        site.token, authorization_response=answer, state=state, code_verifier=verifier
    )
    assert token["scope"] == "products:read"
    assert session.get(site.products).status_code == 200
    assert session.post(site.products, json=PRODUCT).status_code == 403
    session.scope = token["scope"]  # or it would ask anew for what was not granted (RFC 6749 section 6)
    assert session.refresh_token(site.token)["scope"] == "products:read"


@proves("refresh-good")
def test_a_refreshed_token_works(session: OAuth2Session, site: Site, token: dict[str, Any]) -> None:
    renewed = session.refresh_token(site.token)
    assert renewed["access_token"] != token["access_token"]
    assert renewed["refresh_token"] == token["refresh_token"]
    assert session.get(site.products).status_code == 200


@proves("revoke-any", "revoke-family")
def test_a_revoked_token_opens_nothing(session: OAuth2Session, site: Site, token: dict[str, Any]) -> None:
    answer = session.revoke_token(site.revocation, token["refresh_token"], token_type_hint="refresh_token")
    assert answer.status_code == 200
    assert session.get(site.products).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(site.token)


@proves("service-token", "service-no-refresh", "client-basic", "client-body")
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_service_acts_for_itself(service_application: OAuthClient, site: Site, method: str) -> None:
    session = OAuth2Session(
        service_application.client_id, service_application.secret, token_endpoint_auth_method=method
    )
    with session:
        token = session.fetch_token(site.token, grant_type="client_credentials", scope="products:write")
        assert "refresh_token" not in token
        assert session.post(site.products, json=PRODUCT).status_code == 201
