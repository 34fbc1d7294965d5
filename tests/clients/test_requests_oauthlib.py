"""requests-oauthlib, as a developer would use it, against the running site."""

from collections.abc import Iterator
from typing import Any

import pytest
from oauthlib.oauth2 import BackendApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib.oauth2_session import OAuth2Session

from tests.clients.conftest import Site
from tests.clients.person import Person
from tests.conformance import proves
from tests.oauth import OAuthClient

PRODUCT = {"name": "Mate", "sku": "M-1", "price": "1200.50", "stock": 3}


@pytest.fixture
def session(web_application: OAuthClient) -> Iterator[OAuth2Session]:
    with OAuth2Session(
        web_application.client_id,
        redirect_uri=web_application.redirect_uri,
        scope=["products:read", "products:write"],
        pkce="S256",
    ) as session:
        yield session


@pytest.fixture
def token(session: OAuth2Session, site: Site, luis: Person, web_application: OAuthClient) -> dict[str, Any]:
    """What the session received once Luis consented."""
    url, _state = session.authorization_url(site.authorization)
    return session.fetch_token(
        site.token, authorization_response=luis.authorize(url), client_secret=web_application.secret
    )


@proves("code-good", "code-verifier")
@pytest.mark.usefixtures("token")
def test_a_product_is_created_with_the_persons_permission(session: OAuth2Session, site: Site) -> None:
    assert session.post(site.products, json=PRODUCT).status_code == 201
    assert [product["name"] for product in session.get(site.products).json()] == ["Mate"]


@proves("authorize-less-scope", "token-answer")
def test_the_token_says_what_a_person_granted_of_what_was_asked(
    session: OAuth2Session,
    site: Site,
    luis: Person,
    web_application: OAuthClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")  # or it raises what it reads of the scope
    url, _state = session.authorization_url(site.authorization)
    answer = luis.authorize_only(url, "products:read")
    token = session.fetch_token(
        site.token, authorization_response=answer, client_secret=web_application.secret
    )
    assert token["scope"] == ["products:read"]
    assert session.post(site.products, json=PRODUCT).status_code == 403


@proves("refresh-good", "client-basic")
def test_a_refreshed_token_works(
    session: OAuth2Session, site: Site, web_application: OAuthClient, token: dict[str, Any]
) -> None:
    credentials = HTTPBasicAuth(web_application.client_id, web_application.secret)
    renewed = session.refresh_token(site.token, auth=credentials)
    assert renewed["access_token"] != token["access_token"]
    assert session.get(site.products).status_code == 200


@proves("service-token", "service-no-refresh")
def test_a_service_acts_for_itself(service_application: OAuthClient, site: Site) -> None:
    client = BackendApplicationClient(service_application.client_id, scope=["products:write"])
    with OAuth2Session(client=client) as session:
        token = session.fetch_token(site.token, client_secret=service_application.secret)
        assert "refresh_token" not in token
        assert session.post(site.products, json=PRODUCT).status_code == 201
