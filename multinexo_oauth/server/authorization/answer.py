"""The answer to an authorization request, and where it is sent (RFC 6749 section 4.1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error

from ...models import Application

FORM_POST = "form_post"
FRAGMENT = "fragment"
RESPONSE_MODES = ("query", FORM_POST)


class AuthorizationRefused(Exception):
    """An authorization request is refused.

    `answer` is sent to the client. It is None if the redirect URI cannot be trusted: then the person sees a page.
    """

    def __init__(self, error: OAuth2Error, answer: "Answer | None" = None) -> None:
        super().__init__(error.error)
        self.error = error
        self.answer = answer


class UnregisteredRedirectURI(AuthorizationRefused):
    """An authorization request that names a redirect URI which its client has not registered."""

    def __init__(self, client: Application, redirect_uri: str) -> None:
        description = "The redirect_uri is not registered for this client."
        super().__init__(InvalidRequestError(description=description))
        self.client = client
        self.redirect_uri = redirect_uri


@dataclass(frozen=True)
class Destination:
    """Where the answer to a request is sent, and how."""

    client: Application
    redirect_uri: str
    response_mode: str
    state: str | None
    issuer: str

    def answer(self, **told: str) -> "Answer":
        return Answer(self, told)

    def refuse(self, error: OAuth2Error) -> AuthorizationRefused:
        told = {"error": error.error, "error_description": error.description}
        return AuthorizationRefused(error, self.answer(**{name: text for name, text in told.items() if text}))


@dataclass(frozen=True)
class Answer:
    """The parameters of an answer: a code or an error, with the state and the issuer (RFC 9207)."""

    to: Destination
    told: Mapping[str, str] = field(repr=False)  # it may hold a code

    @property
    def parameters(self) -> list[tuple[str, str]]:
        state = [("state", self.to.state)] if self.to.state is not None else []
        return [*self.told.items(), *state, ("iss", self.to.issuer)]

    @property
    def location(self) -> str:
        """The client's redirect URI with the answer in its query or, in that mode, in its fragment."""
        in_fragment = self.to.response_mode == FRAGMENT
        location: str = add_params_to_uri(self.to.redirect_uri, self.parameters, fragment=in_fragment)
        return location
