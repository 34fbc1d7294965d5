"""Who takes part: people, applications of every kind, and the families of tokens that applications hold."""

import random
import secrets
import threading
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from multinexo_oauth.models import Application
from tests.oauth import OAuthClient, register

from .ledger import Credential
from .wire import Remote, RemotePerson, Site, remote

PEOPLE = 6
KINDS = ("web", "spa", "service")
ADDRESSES = {
    "web": {"redirect_uris": "https://web.example/callback"},
    "spa": {"redirect_uris": "https://spa.example/callback", "allowed_origins": "https://spa.example"},
}
SCOPES = "products:read products:write documents:read"
WITHDRAWN = "documents:read"


@dataclass(eq=False)
class Family:
    """The tokens that descend from one grant; in the hands of one thread at a time."""

    client: OAuthClient
    person: RemotePerson
    refresh: Credential
    access: Credential
    replaced: list[tuple[float, str]] = field(default_factory=list)


class Cast:
    def __init__(self, site: Site, owner: User, staff: User) -> None:
        self.site = site
        self.owner = owner
        self.owners_browser = Remote(site, owner)
        self.staffs_browser = Remote(site, staff)
        self.people = [self._person() for _ in range(PEOPLE)]
        self.clients = {kind: [self._client(kind), self._client(kind)] for kind in KINDS}
        self.families: list[Family] = []
        self.tokens: list[Credential] = []
        self._lock = threading.Lock()

    def person(self) -> RemotePerson:
        return random.choice(self.people)

    def client(self, *kinds: str) -> OAuthClient:
        return random.choice(self.clients[random.choice(kinds or KINDS)])

    def replace_person(self, gone: RemotePerson) -> None:
        with self._lock:
            if gone in self.people:
                self.people[self.people.index(gone)] = self._person()

    def replace_client(self, gone: OAuthClient) -> None:
        with self._lock:
            alike = self.clients[gone.application.kind]
            if gone in alike:
                alike[alike.index(gone)] = self._client(gone.application.kind)

    def take_family(self) -> Family | None:
        """Return a family that no other thread then has, or None."""
        with self._lock:
            if not self.families:
                return None
            return self.families.pop(random.randrange(len(self.families)))

    def put_family(self, family: Family) -> None:
        with self._lock:
            self.families.append(family)

    def _person(self) -> RemotePerson:
        return RemotePerson(self.site, User.objects.create_user(f"luis-{secrets.token_hex(6)}"))

    def _client(self, kind: str) -> OAuthClient:
        name = f"Una {secrets.token_hex(6)}"
        client = register(self.owner, kind, name=name, scopes=SCOPES, **ADDRESSES.get(kind, {}))
        application: Application = client.application
        return remote(self.site, application)
