"""What requests-oauthlib raises where the person or the server says no."""

from collections.abc import Iterator

import pytest
from oauthlib.oauth2 import (
    AccessDeniedError,
    BackendApplicationClient,
    InvalidClientError,
    InvalidGrantError,
    InvalidScopeError,
)
from requests_oauthlib.oauth2_session import OAuth2Session

from tests.clients.conftest import Site
from tests.clients.person import Person
from tests.conformance import proves
from tests.oauth import OAuthClient


@pytest.fixture
def session(web_application: OAuthClient) -> Iterator[OAuth2Session]:
    with OAuth2Session(
        web_application.client_id,
        redirect_uri=web_application.redirect_uri,
        scope=["products:read"],
        pkce="S256",
    ) as session:
        yield session


@proves("authorize-denied")
def test_a_refusal_is_access_denied(
    session: OAuth2Session, site: Site, luis: Person, web_application: OAuthClient
) -> None:
    url, _state = session.authorization_url(site.authorization)
    with pytest.raises(AccessDeniedError):
        session.fetch_token(
            site.token, authorization_response=luis.refuse(url), client_secret=web_application.secret
        )


@proves("code-once")
def test_a_code_is_good_once(
    session: OAuth2Session, site: Site, luis: Person, web_application: OAuthClient
) -> None:
    url, _state = session.authorization_url(site.authorization)
    answer = luis.authorize(url)
    session.fetch_token(site.token, authorization_response=answer, client_secret=web_application.secret)
    with pytest.raises(InvalidGrantError):
        session.fetch_token(site.token, authorization_response=answer, client_secret=web_application.secret)
    assert session.get(site.products).status_code == 401


@proves("client-refused")
def test_a_wrong_secret_is_an_invalid_client(service_application: OAuthClient, site: Site) -> None:
    session = OAuth2Session(client=BackendApplicationClient(service_application.client_id))
    with session, pytest.raises(InvalidClientError):
        session.fetch_token(site.token, client_secret="not the secret")


@proves("service-token")
def test_a_scope_outside_the_registration_is_refused(service_application: OAuthClient, site: Site) -> None:
    client = BackendApplicationClient(service_application.client_id, scope=["documents:write"])
    with OAuth2Session(client=client) as session, pytest.raises(InvalidScopeError):
        session.fetch_token(site.token, client_secret=service_application.secret)
