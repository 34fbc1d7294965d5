"""What the contenders have in common: people with a token each, and requests for the calls that are measured."""

import json
import random
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any, NamedTuple

from .request import Request, basic, get, post

PING = "/api/v1/ping/"
WHO = "/api/v1/who/"
SCOPE = "products:read"
REDIRECT_URI = "https://client.example/callback"
VERIFIER = "a-verifier-of-forty-three-characters-or-more"
CHALLENGE = "y5UF_tmp_ICTDGza-Ou2vUvx2cu7DBN-Xwf_z0RDfTw"  # its S256


class Client(NamedTuple):
    client_id: str
    secret: str


WEB = Client("web", "vTq0mWb2JqYx7cH5sLr9pKd3fGz8nXa1uEo6iRy4tCw")
SERVICE = Client("service", "Zk3nQe8rTb5yUw2xPa7sDf4gHj9lCv1mBo6iNz0qWtE")
# More than these are not asked for in one run; each is asked for in turn.
PEOPLE_AT_MOST = 5000


class Contender:
    """A way to open an API. `apps`, `urls` (prefix, module) and the rest complete the settings of its process."""

    label: str
    scheme = "Bearer"
    apps: list[str] = []
    middleware: list[str] = []
    urls: list[tuple[str, str]] = []
    settings: dict[str, Any] = {}
    authentication: list[str] = []
    permissions: list[str] = ["rest_framework.permissions.IsAuthenticated"]
    # Whether each request of a client hashes a password: it then takes so long that one a round says enough.
    hashes_passwords = False

    lets_strangers_in = False

    def __init__(self, size: int) -> None:
        """`size` is the number of stored tokens, and of people."""
        self.size = size
        asked = random.Random(size).sample(range(1, size + 1), min(size, PEOPLE_AT_MOST))
        self.turns = cycle(asked)

    def seed(self) -> None:
        """Fill an empty database."""
        from django.contrib.auth.models import User

        from .rows import multiply

        first = User.objects.create(username="user1", email="user@example.com", password="!")
        multiply(first, self.size, username="'user' || CAST(i AS varchar(9))")
        self.store(first)

    def store(self, first: Any) -> None:
        """Store a token for each person."""

    def finish(self) -> None:
        """Leave nothing behind that is not in the database."""

    def stranger(self) -> Request:
        """Return a request that no contender may let in."""
        return get(PING, f"{self.scheme} {'0' * 64}")

    def people(self, calls: int) -> Iterator[int]:
        """Return the ids of the people whose turn it is."""
        return islice(self.turns, calls)

    def bearer(self, calls: int) -> list[Request]:
        return self.api(PING, calls)

    def person(self, calls: int) -> list[Request]:
        return self.api(WHO, calls)

    def api(self, path: str, calls: int) -> list[Request]:
        return [get(path, f"{self.scheme} {self.token(person)}") for person in self.people(calls)]

    def token(self, person: int) -> str:
        from .secret import value

        return value(person)

    def has_answered(self, operation: str, body: bytes) -> bool:
        """Tell whether the body of an answer is what was asked for."""
        return self.is_right(operation, json.loads(body))

    def is_right(self, operation: str, answer: dict[str, Any]) -> bool:
        """Tell whether the JSON of an answer is what was asked for."""
        return bool(answer["pong"] if operation == "bearer" else answer["user"].startswith("user"))


class AuthorizationServer(Contender):
    """A contender that issues tokens too: to itself, and for a person's code."""

    token_path: str
    introspection_path: str

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.refresh_tokens: list[str] = []

    def ask(self, client: Client, path: str, **form: str) -> Request:
        return post(path, basic(*client), **form)

    def client_credentials(self, calls: int) -> list[Request]:
        form = {"grant_type": "client_credentials", "scope": SCOPE}
        return [self.ask(SERVICE, self.token_path, **form) for _call in range(calls)]

    def exchange(self, calls: int) -> list[Request]:
        form = {
            "grant_type": "authorization_code",
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
        }
        codes = self.codes(list(self.people(calls)))
        return [self.ask(WEB, self.token_path, code=code, **form) for code in codes]

    def codes(self, people: list[int]) -> list[str]:
        """Store a fresh code for each person's consent."""
        raise NotImplementedError

    def refresh(self, calls: int) -> list[Request]:
        """Ask with the refresh tokens that `exchange` brought, each of another family."""
        used, self.refresh_tokens = self.refresh_tokens[:calls], self.refresh_tokens[calls:]
        form = {"grant_type": "refresh_token"}
        return [self.ask(WEB, self.token_path, refresh_token=token, **form) for token in used]

    def introspection(self, calls: int) -> list[Request]:
        tokens = [self.token(person) for person in self.people(calls)]
        return [self.ask(SERVICE, self.introspection_path, token=token) for token in tokens]

    def is_right(self, operation: str, answer: dict[str, Any]) -> bool:
        match operation:
            case "client_credentials":
                return answer["scope"] == SCOPE and bool(answer["access_token"])
            case "exchange":
                self.refresh_tokens.append(answer["refresh_token"])
                return answer["scope"] == SCOPE and bool(answer["access_token"])
            case "refresh":
                return answer["scope"] == SCOPE and bool(answer["access_token"] and answer["refresh_token"])
            case "introspection":
                return answer["active"] is True and answer["scope"] == SCOPE
        return super().is_right(operation, answer)
