"""Model and product side by side: every credential ever delivered is tried at both."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache

from tests import device as devices
from tests.oauth import OAuthClient
from tests.responses import ClientResponse

from .acts import World
from .model import Answer, Application, Code, Credential, Device, Page, Person, RefreshToken, Scopes
from .product import KINDS, PEOPLE, WRONG, Product, authorized, joined, told

Call = Callable[[OAuthClient], ClientResponse]


class Comparison:
    """A model of the product as it is when nothing has happened yet."""

    def __init__(self, product: Product) -> None:
        self.product = product
        # What browsers show, in the order of the world's pages.
        self.pages: list[ClientResponse] = []
        people = {name: Person() for name in PEOPLE}
        self.world = World(
            people, {kind: Application(kind, people["ana"], kind in {"web", "service"}) for kind in KINDS}
        )
        for kind, value in product.first_secrets.items():
            self.world.secrets.append(Credential(application=self.world.applications[kind], value=value))

    def client(self, application: Application) -> OAuthClient:
        """Return the application's client, with a good secret if it has one and otherwise the last it had."""
        client = self.product.clients[application.kind]
        client.secret = self.world.secret_of(application)
        return client

    def wait(self, seconds: int) -> None:
        self.world.now += seconds
        self.product.clock.seconds += seconds

    def authorizes(self, name: str, kind: str, asked: Scopes, ticked: Scopes | None) -> bool:
        """Have a person answer an application's request. Return whether it gets a code."""
        codes = len(self.world.codes)
        if self.visits(name, kind, asked):
            self.presses(self.world.pages[-1], ticked)
        return len(self.world.codes) > codes

    def visits(self, name: str, kind: str, asked: Scopes) -> bool:
        """Have an application send a person here. Return whether the person is asked."""
        expected = self.world.visit(self.world.people[name], self.world.applications[kind], asked)
        answer = self.product.visit(name, kind, asked)
        self.same_code(expected, answer)
        if expected == "consent_required":
            self.pages.append(answer)
        return expected == "consent_required"

    def presses(self, page: Page, ticked: Scopes | None) -> None:
        html = self.pages[self.world.pages.index(page)]
        self.same_code(
            self.world.press(page, ticked), self.product.press(self.name(page.person), html, ticked)
        )

    def same_code(self, expected: Answer, answer: ClientResponse) -> None:
        error, code = authorized(answer)
        assert (error or None) == (expected if isinstance(expected, str) else None)
        if code:
            self.world.codes[-1].value = code

    def name(self, person: Person | None) -> str:
        return next(name for name, each in self.world.people.items() if each is person)

    def exchanges(self, code: Code, wrong: str | None = None) -> None:
        changes = WRONG[wrong] if wrong else {}
        self.ask(
            code.application,
            lambda: self.world.exchange(code, wrong is None),
            lambda client: client.exchange(code.value, **changes),
        )

    def refreshes(self, token: RefreshToken, asked: Scopes | None = None) -> None:
        form = {} if asked is None else {"scope": joined(asked)}
        self.ask(
            token.application,
            lambda: self.world.refresh_with(token, asked),
            lambda client: client.refresh(token.value, **form),
            token,
        )

    def serves(self, asked: Scopes) -> None:
        service = self.world.applications["service"]
        self.ask(
            service,
            lambda: self.world.serve(service, asked),
            lambda client: client.token("client_credentials", scope=joined(asked)),
        )

    def starts(self, asked: Scopes) -> bool:
        """Have a device ask for codes. Return whether it gets them."""
        application = self.world.applications["device"]
        expected = self.world.start(application, asked) if application.usable else "invalid_client"
        body = devices.start(self.product.clients["device"], scope=joined(asked)).json()
        if isinstance(expected, str):
            assert body["error"] == expected
            return False
        self.world.devices[-1].value = body["device_code"]
        self.world.devices[-1].user_code = body["user_code"]
        return True

    def decides(self, name: str, device: Device, ticked: Scopes | None) -> None:
        page = self.world.open_device(self.world.people[name], device)
        if page:
            self.world.decide(device, page, ticked)
        self.product.decide(name, self.product.open_device(name, device.user_code), ticked)

    def polls(self, device: Device) -> None:
        self.ask(
            device.application,
            lambda: self.world.poll(device),
            lambda client: devices.poll(client, device.value),
        )

    def ask(
        self,
        application: Application,
        model: Callable[[], Answer],
        call: Call,
        presented: RefreshToken | None = None,
    ) -> None:
        """Have a client ask the token endpoint, in the model and at the product, and keep what is delivered."""
        expected = model() if self.world.is_client(application) else "invalid_client"
        answer, body = told(call(self.client(application)))
        assert answer == expected, body
        if not isinstance(expected, str):
            self.world.access[-1].value = body["access_token"]
            newest = self.world.refresh[-1] if self.world.access[-1].person else None
            self.keep(body, (presented.successor or presented) if presented else newest)

    def keep(self, body: dict[str, Any], token: RefreshToken | None) -> None:
        """Compare the refresh token of an answer, which is the first to tell it or repeats it."""
        assert ("refresh_token" in body) == (token is not None)
        if token is not None:
            token.value = token.value or body["refresh_token"]
            assert body["refresh_token"] == token.value

    def warm_up(self) -> None:
        """Have the cache remember what is good now, and nothing else."""
        cache.clear()
        for token in self.world.access:
            self.product.opens(token.value)

    def agree(self) -> None:
        """Try everything everywhere. What would change something is taken back."""
        for token in self.world.access:
            assert self.product.opens(token.value) == self.world.opens(token)
            assert self.product.introspect(self.product.inspector, token.value) == self.world.named(token)
        for refresh_token in self.world.refresh:
            self.agree_on_refresh(refresh_token)
        for code in self.world.codes:
            self.agree_on_code(code)
        for device in self.world.devices:
            self.agree_on_device(device)
        for secret in self.world.secrets:
            self.agree_on_secret(secret)

    def agree_on_refresh(self, token: RefreshToken) -> None:
        expected = self.world.refresh_answer(token)
        body = self.tried(token.application, expected, lambda client: client.refresh(token.value))
        kept = token.successor or (None if self.world.rotates(token.application) else token)
        if kept and "refresh_token" in body:
            assert body["refresh_token"] == kept.value
        if token.application.has_secret:
            named = self.product.introspect(self.client(token.application), token.value)
            assert named == self.world.refresh_named(token)

    def agree_on_code(self, code: Code) -> None:
        self.tried(code.application, self.world.code_answer(code), lambda client: client.exchange(code.value))

    def agree_on_device(self, device: Device) -> None:
        expected = self.world.device_answer(device)
        self.tried(device.application, expected, lambda client: devices.poll(client, device.value))

    def agree_on_secret(self, secret: Credential) -> None:
        client = self.product.clients[secret.application.kind]
        client.secret = secret.value
        expected = "invalid_request" if self.world.proves(secret) else "invalid_client"
        assert told(client.token(""))[0] == expected

    def tried(self, application: Application, expected: Answer, call: Call) -> dict[str, Any]:
        """Compare what the token endpoint answers to what would change something, and take it back."""
        with self.product.undone():
            answer, body = told(call(self.client(application)))
        assert answer == (expected if self.world.is_client(application) else "invalid_client"), body
        return body
