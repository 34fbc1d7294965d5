"""The shop's side of OAuth 2.0, on Authlib: what any client of Multinexo does, over HTTP alone."""

from typing import Any

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language, gettext_lazy as _
from requests import Response

from .credentials import Credentials

# What the shop asks for, in its own words.
SCOPES = {
    "products:read": _("See your products"),
    "products:write": _("Create, change and delete your products"),
}
TIMEOUT_SECONDS = 10


class ForeignAnswer(Exception):
    """The answer at the redirect URI belongs to no request of this browser."""


class Multinexo:
    """The connection of one browser's session to Multinexo."""

    def __init__(self, site: str, redirect_uri: str, credentials: Credentials, session: SessionBase) -> None:
        self.site = site
        self.issuer = f"{site}/auth/v1"
        self.session = session
        self.http = OAuth2Session(
            *credentials,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token=session.get("token"),
            token_endpoint=f"{self.issuer}/token/",
            update_token=self._keep,
            default_timeout=TIMEOUT_SECONDS,
        )
        # The server is on this machine: no proxy of the environment stands between.
        self.http.trust_env = False
        # What the API finds wrong is shown to the person.
        self.http.headers["Accept-Language"] = get_language()

    @property
    def token(self) -> dict[str, Any] | None:
        return self.session.get("token")

    @property
    def scopes(self) -> list[str]:
        """What the person granted; the answer may leave it out where it is all that was asked (RFC 6749 5.1)."""
        return self.token.get("scope", " ".join(SCOPES)).split() if self.token else []

    def authorization_url(self) -> str:
        """Return where to send the person, having kept what the answer will be checked against."""
        verifier = generate_token(64)
        url, state = self.http.create_authorization_url(
            f"{self.issuer}/authorize/", scope=" ".join(SCOPES), code_verifier=verifier
        )
        self.session["asked"] = {"state": state, "verifier": verifier}
        return str(url)

    def receive(self, answer: QueryDict) -> None:
        """Exchange the code of an answer for tokens.

        Raises ForeignAnswer unless the answer is to this browser's request (RFC 6749 10.12) and from this server
        (RFC 9207), and OAuthError for what the server answers instead of a code or of tokens.
        """
        asked = self.session.get("asked")
        if not asked or not constant_time_compare(answer.get("state", ""), asked["state"]):
            raise ForeignAnswer
        del self.session["asked"]
        if answer.get("iss") != self.issuer:
            raise ForeignAnswer
        if "code" not in answer:
            raise OAuthError(answer.get("error", "invalid_request"), answer.get("error_description"))
        self._keep(self.http.fetch_token(code=answer["code"], code_verifier=asked["verifier"]))
        self.session.cycle_key()

    def refresh(self) -> None:
        self.http.refresh_token()

    def forget(self) -> None:
        self.session.pop("token", None)

    def disconnect(self) -> None:
        """Hand the grant back: a refresh token takes its access tokens along (RFC 7009 section 2.1)."""
        token = self.token or {}
        kind = "refresh_token" if "refresh_token" in token else "access_token"
        if kind in token:
            self.http.revoke_token(f"{self.issuer}/revoke/", token=token[kind], token_type_hint=kind)
        self.forget()

    def products(self) -> Response:
        return self.http.get(f"{self.site}/api/v1/products/")

    def create_product(self, product: dict[str, Any]) -> Response:
        return self.http.post(f"{self.site}/api/v1/products/", json=product)

    def _keep(self, token: dict[str, Any], **replaced: str) -> None:
        self.session["token"] = dict(token)
