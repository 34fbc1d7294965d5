"""One person and one application, with all that they hold of each other before two acts meet."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.test import Client

from multinexo_oauth.models import Application, ClientSecret, Grant
from multinexo_oauth.storage.digest import digest
from tests import device
from tests.oauth import OAuthClient, Person, Products, answered, register
from tests.responses import ClientResponse

# The application may ask for these; the person has granted those; and a page of theirs asks for others still.
ALLOWED = "products:read products:write documents:read cashier:read"
GRANTED = "products:read products:write documents:read"
ASKED = "products:read documents:read cashier:read"
WITHDRAWN = "documents:read"

ADDRESSES: dict[str, dict[str, str]] = {
    "web": {"redirect_uris": "https://web.example/callback"},
    "spa": {"redirect_uris": "https://spa.example/callback", "allowed_origins": "https://spa.example"},
}
# One that registered itself, and that staff has verified.
REGISTERED = "registered"
REGISTRATION_TOKEN = "registration access token"
REGISTRATION: dict[str, Any] = {
    "registration_source": Application.RegistrationSource.DCR,
    "registration_token": digest(REGISTRATION_TOKEN),
    "verified": True,
}
FIRST_SECRET, SECOND_SECRET = "the first secret", "the second secret"


@dataclass(frozen=True)
class Done:
    """What came of an act: the status of its answer, whether it said yes, and the credentials that it delivered."""

    status: int
    said_yes: bool = False
    delivered: dict[str, str] = field(default_factory=dict)
    error: str = ""


def done(answer: ClientResponse, said_yes: bool = False, **delivered: str) -> Done:
    raised = getattr(answer, "exc_info", None) if answer.status_code >= 500 else None
    error = repr(raised[1]) if raised else ""
    return Done(answer.status_code, said_yes, delivered, error)


def told(answer: ClientResponse) -> Done:
    """Return what came of a request to the token endpoint."""
    if answer.status_code != 200:
        return done(answer)
    names = {"access_token": "access", "refresh_token": "refresh"}
    given = answer.json()
    return done(answer, True, **{names[name]: given[name] for name in names.keys() & given.keys()})


def sent_back(answer: ClientResponse) -> Done:
    """Return what came of a request to the authorization endpoint."""
    code = answered(answer).get("code") if answer.status_code == 302 else None
    return done(answer, True, code=code) if code else done(answer)


def browser_of(user: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


class Scene:
    """`held` are the application's credentials by what they are, the same names as an act's `delivered`."""

    def __init__(self, kind: str, staff: User) -> None:
        tag = secrets.token_hex(6)
        self.kind = kind
        self.staff = staff
        self.owner = User.objects.create_user(f"ana-{tag}", f"ana-{tag}@example.com")
        self.user = User.objects.create_user(f"luis-{tag}", f"luis-{tag}@example.com", "secret-of-luis")
        self.client = self._registered() if kind == REGISTERED else self._register(kind)
        self.client.http.raise_request_exception = False
        # Whoever looks afterwards authenticates by a secret that no act touches.
        self.observer = OAuthClient(self.application, self._another_secret())
        self.held: dict[str, str] = {}
        self.spent: set[str] = set()
        getattr(self, f"_hold_as_{kind}")()
        self.call()  # so that the cache knows the access token

    @property
    def application(self) -> Application:
        return self.client.application

    def _register(self, kind: str, **fields: Any) -> OAuthClient:
        name = f"Una {self.owner.username}"
        return register(self.owner, kind, name=name, scopes=ALLOWED, **ADDRESSES.get(kind, {}), **fields)

    def _registered(self) -> OAuthClient:
        return self._register("spa", **REGISTRATION)

    def visitor(self) -> Person:
        """Return the person with a browser of an act's own."""
        person = Person(self.user)
        person.browser.raise_request_exception = False
        return person

    def call(self) -> ClientResponse:
        return Products().list(self.held["access"])

    def spend(self, name: str, outcome: Done) -> Done:
        """Note that a credential that is good once has been used."""
        if outcome.said_yes:
            self.spent.add(name)
        return outcome

    def hold(self, tokens: dict[str, Any]) -> None:
        """Have the application go on with the tokens of an answer."""
        self.held["access"] = tokens["access_token"]
        if "refresh_token" in tokens:
            self.held["refresh"] = tokens["refresh_token"]

    def grants(self) -> QuerySet[Grant]:
        return Grant.objects.filter(application=self.application)

    def _another_secret(self) -> str | None:
        return ClientSecret.issue(self.application)[1] if self.client.secret else None

    def _hold_as_web(self) -> None:
        person = self.visitor()
        self.used_code = person.consent(self.client, scope=GRANTED)
        self.hold(self.client.exchange(self.used_code).json())
        self.held["code"] = person.consent(self.client, scope=GRANTED)

    _hold_as_spa = _hold_as_registered = _hold_as_web

    def _hold_as_device(self) -> None:
        person = self.visitor()
        first, second = (device.started(self.client, scope=GRANTED) for _ in range(2))
        for codes in (first, second):
            device.let_in(person, codes["user_code"])
        self.hold(device.poll(self.client, first["device_code"]).json())
        self.held["device_code"] = second["device_code"]

    def _hold_as_service(self) -> None:
        self.hold(self.client.token("client_credentials", scope=GRANTED).json())
