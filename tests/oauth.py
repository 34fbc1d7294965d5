"""Applications and people as the tests drive them: from outside, over HTTP."""

import base64
import hashlib
import re
import secrets
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import Application, ClientSecret, RefreshToken
from tests.responses import ClientResponse

AUTHORIZE = "/auth/v1/authorize/"
TOKEN = "/auth/v1/token/"
INTROSPECT = "/auth/v1/introspect/"
REVOKE = "/auth/v1/revoke/"
PRODUCTS = "/api/v1/products/"
FORM = "application/x-www-form-urlencoded"
VERIFIER = "a-verifier-of-forty-three-characters-or-more"


def s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


class OAuthClient:
    """An application of some developer, with its registration and its credentials."""

    def __init__(self, application: Application, secret: str | None = None) -> None:
        self.application = application
        self.client_id = application.client_id
        self.secret = secret
        self.redirect_uri = application.redirect_uris.split()[0] if application.redirect_uris else ""
        self.http: Any = Client()

    def request(self, **changes: Any) -> dict[str, Any]:
        """Return the parameters of a good authorization request, some changed; None leaves one out."""
        params: dict[str, Any] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "products:read products:write",
            "state": "a state",
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (params | changes).items() if value is not None}

    def post(self, path: str, form: dict[str, Any], **headers: str) -> ClientResponse:
        """Post a form, authenticated by the header if there is a secret, else identified by client_id."""
        if self.secret and "Authorization" not in headers:
            headers["Authorization"] = basic(self.client_id, self.secret)
        elif not self.secret:
            form = {"client_id": self.client_id} | form
        return self.http.post(path, urlencode(form, doseq=True), content_type=FORM, headers=headers)

    def token(self, grant_type: str, **form: Any) -> ClientResponse:
        return self.post(TOKEN, {"grant_type": grant_type} | form)

    def exchange(self, code: str, **changes: str | None) -> ClientResponse:
        form: dict[str, str | None] = {
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
        }
        return self.token(
            "authorization_code", **{k: v for k, v in (form | changes).items() if v is not None}
        )

    def refresh(self, refresh_token: str, **form: str) -> ClientResponse:
        return self.token("refresh_token", refresh_token=refresh_token, **form)

    def revoke(self, token: str, **form: str) -> ClientResponse:
        return self.post(REVOKE, {"token": token} | form)


class Person:
    """Somebody with an account and a browser that is signed in."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.browser: Any = Client(enforce_csrf_checks=True)
        self.browser.force_login(user)

    def visit(self, client: OAuthClient, **changes: Any) -> ClientResponse:
        return self.browser.get(AUTHORIZE, client.request(**changes))

    def decide(self, page: ClientResponse, decision: str = "allow", **fields: Any) -> ClientResponse:
        """Press a button of a consent page, with the permissions as they stand ticked unless `scopes` says others."""
        html = page.content.decode()
        hidden = dict(
            re.findall(r'<input type="hidden" name="(request|csrfmiddlewaretoken)" value="([^"]+)"', html)
        )
        ticked = re.findall(r'name="scopes" value="([^"]+)"', html)
        form = hidden | {"scopes": ticked, "decision": decision} | fields
        path = page.wsgi_request.get_full_path()
        return self.browser.post(path, form)

    def consent(self, client: OAuthClient, **changes: Any) -> str:
        """Go through the whole page and return the code."""
        answer = self.visit(client, **changes)
        if answer.status_code == 200:
            answer = self.decide(answer)
        return answered(answer)["code"]

    def tokens(self, client: OAuthClient, **changes: Any) -> dict[str, Any]:
        """Consent and let the application exchange the code."""
        answer = client.exchange(self.consent(client, **changes))
        assert answer.status_code == 200, answer.content
        return answer.json()


def answered(response: ClientResponse) -> dict[str, str]:
    """Return the parameters of a redirect to a client."""
    assert response.status_code == 302, response.content.decode()
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def offered(page: ClientResponse) -> dict[str, str]:
    """Return the parameters of the link that a page has in place of a redirect to a client."""
    assert page.status_code == 400, page
    address = unescape(re.search(r'href="([^"]+)" data-action="back"', page.content.decode())[1])
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def after_the_grace_time() -> None:
    """Let the time end in which a replaced refresh token may come again."""
    long_ago = timezone.now() - timedelta(minutes=1)
    RefreshToken.objects.exclude(replaced_at=None).update(replaced_at=long_ago)


class Products:
    """The protected API."""

    def __init__(self) -> None:
        self.http: Any = Client()

    def list(self, token: str | None) -> ClientResponse:
        return self.http.get(PRODUCTS, headers={"Authorization": f"Bearer {token}"} if token else {})

    def create(self, token: str, **fields: Any) -> ClientResponse:
        product = {"name": "Yerba", "sku": secrets.token_hex(4), "price": "10.00", "stock": 1} | fields
        return self.http.post(
            PRODUCTS, product, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )


def register(owner: User | None, kind: str, **fields: Any) -> OAuthClient:
    """Register an application of a kind, with a secret where the kind has one."""
    scopes = fields.pop("scopes", "products:read products:write")
    application = Application(
        user=owner, kind=kind, name=fields.pop("name", f"Una {kind}"), scopes=scopes, **fields
    )
    application.full_clean()
    application.save()
    needs_secret = application.client_type == Application.CLIENT_CONFIDENTIAL
    return OAuthClient(application, ClientSecret.issue(application)[1] if needs_secret else None)


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user(
        "ana", "ana@example.com", "secret-of-ana", first_name="Ana", last_name="García"
    )


@pytest.fixture
def person(db: None) -> Person:
    return Person(User.objects.create_user("luis", "luis@example.com", "secret-of-luis"))


@pytest.fixture
def stranger(db: None) -> Person:
    return Person(User.objects.create_user("eva", "eva@example.com", "secret-of-eva"))


@pytest.fixture
def web(owner: User) -> OAuthClient:
    return register(owner, "web", redirect_uris="https://web.example/callback")


@pytest.fixture
def spa(owner: User) -> OAuthClient:
    return register(
        owner, "spa", redirect_uris="https://spa.example/callback", allowed_origins="https://spa.example"
    )


@pytest.fixture
def native(owner: User) -> OAuthClient:
    return register(owner, "native", redirect_uris="http://127.0.0.1/callback com.example.app:/callback")


@pytest.fixture
def device(owner: User) -> OAuthClient:
    return register(owner, "device")


@pytest.fixture
def service(owner: User) -> OAuthClient:
    return register(owner, "service")


@pytest.fixture
def tokens(person: Person, web: OAuthClient) -> dict[str, Any]:
    return person.tokens(web)


@pytest.fixture
def products() -> Products:
    return Products()
