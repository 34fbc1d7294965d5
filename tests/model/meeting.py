"""Acts that may meet, each on either side: around what one person has let one application have."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection

from multinexo_oauth.models import Application as ApplicationRow
from multinexo_oauth.storage.deadlock import survives_deadlocks
from tests import device as devices
from tests.oauth import OAuthClient
from tests.responses import ClientResponse

from .acts import World
from .comparison import Comparison
from .model import CASHIER, READ, SCOPES, WRITE, Answer, Application, Credential, Person, Scopes
from .product import Product, authorized, joined, told

ALL = frozenset(SCOPES)
BEFORE = ALL - {WRITE}
Outcome = tuple[str, list[str]]


@dataclass(frozen=True)
class Act:
    """One act on either side. The product tells its error, if any, and the values that it delivered.

    `presented` is the index of the refresh token that it exchanges.
    """

    name: str
    model: Callable[[World], Any]
    product: Callable[[Comparison], Outcome]
    presented: int = -1

    def on(self, world: World) -> tuple[str, list[Credential]]:
        """Do it in the model. Return the error and what was delivered, in the product's order."""
        codes, access = len(world.codes), len(world.access)
        answer = self.model(world)
        delivered: list[Credential] = [*world.codes[codes:], *world.access[access:]]
        if len(world.access) > access:
            token = world.refresh[self.presented]
            delivered.append(token.successor or token)
        return answer if isinstance(answer, str) else "", delivered


def asking(
    name: str,
    kind: str,
    model: Callable[[World], Answer],
    ask: Callable[[OAuthClient, World], ClientResponse],
    **more: int,
) -> Act:
    """Return what a client does at the token endpoint."""

    def product(scene: Comparison) -> Outcome:
        answer, body = told(ask(scene.client(scene.world.applications[kind]), scene.world))
        return (
            (answer, []) if isinstance(answer, str) else ("", [body["access_token"], body["refresh_token"]])
        )

    def proven(world: World) -> Answer:
        return model(world) if world.is_client(world.applications[kind]) else "invalid_client"

    return Act(name, proven, product, **more)


def answering(
    name: str, model: Callable[[World], Answer], ask: Callable[[Comparison], ClientResponse]
) -> Act:
    """Return what a person does at the authorization endpoint."""

    def product(scene: Comparison) -> Outcome:
        error, code = authorized(ask(scene))
        return error, [code] if code else []

    return Act(name, model, product)


def ending(name: str, model: Callable[[World], object], does: Callable[[Comparison], object]) -> Act:
    """Return what tells a program nothing but takes something away, or gives it."""
    # MySQL ends a transaction for another's sake in whatever order rows are taken, and every page then tries again.
    doing = survives_deadlocks(does) if connection.vendor == "mysql" else does

    def changes(world: World) -> None:
        model(world)

    def product(scene: Comparison) -> Outcome:
        # What the docs say of an application that was deleted meanwhile.
        with suppress(ApplicationRow.DoesNotExist):
            doing(scene)
        return "", []

    return Act(name, changes, product)


def prepare(product: Product, kind: str) -> Comparison:
    """Have luis let an application in for some scopes, and leave a code, or a device that polls, and a page waiting."""
    scene = Comparison(product)
    world = scene.world
    world.password_ends = product.site["PASSWORD_CHANGE_ENDS_TOKENS"]
    world.all_rotate = product.site["REFRESH_ROTATION"] == "all"
    for _ in range(2):
        if kind == "device":
            scene.starts(BEFORE)
            scene.decides("luis", world.devices[-1], BEFORE)
        else:
            scene.authorizes("luis", kind, BEFORE, BEFORE)
        if not world.refresh:
            scene.polls(world.devices[0]) if kind == "device" else scene.exchanges(world.codes[0])
    if kind == "device":
        scene.starts(ALL)
        world.pages = [page] if (page := world.open_device(world.people["luis"], world.devices[-1])) else []
        scene.pages = [product.open_device("luis", world.devices[-1].user_code)]
    else:
        scene.visits("luis", kind, ALL)
    return scene


def acts_of(kind: str) -> list[Act]:
    """Return what may meet around what `prepare` has made."""
    own = device_acts() if kind == "device" else page_acts(kind)
    return [*own, *refreshing(kind), *taking_away(kind)]


def page_acts(kind: str) -> list[Act]:
    def exchange(name: str, right: bool, **more: str) -> Act:
        return asking(
            name,
            kind,
            lambda world: world.exchange(world.codes[1], right),
            lambda client, world: client.exchange(world.codes[1].value, **more),
        )

    def silently(world: World) -> Answer:
        signed_in = world.people["luis"].passwords == 1
        return world.visit(world.people["luis"], world.applications[kind], BEFORE) if signed_in else "page"

    return [
        exchange("exchange", True),
        exchange("exchange with a wrong verifier", False, code_verifier="v" * 43),
        answering(
            "authorize without a page",
            silently,
            lambda scene: scene.product.visit("luis", kind, BEFORE, prompt="none"),
        ),
        answering(
            "press the button of a page",
            lambda world: world.press(world.pages[0], ALL),
            lambda scene: scene.product.press("luis", scene.pages[0], ALL),
        ),
    ]


def device_acts() -> list[Act]:
    def decide(world: World) -> None:
        world.decide(world.devices[2], world.pages[0], ALL)

    return [
        asking(
            "poll",
            "device",
            lambda world: world.poll(world.devices[1]),
            lambda client, world: devices.poll(client, world.devices[1].value),
        ),
        ending(
            "let another device in", decide, lambda scene: scene.product.decide("luis", scene.pages[0], ALL)
        ),
    ]


def refreshing(kind: str) -> list[Act]:
    def refresh(name: str, asked: Scopes | None) -> Act:
        form = {} if asked is None else {"scope": joined(asked)}
        return asking(
            name,
            kind,
            lambda world: world.refresh_with(world.refresh[0], asked),
            lambda client, world: client.refresh(world.refresh[0].value, **form),
            presented=0,
        )

    return [refresh("refresh", None), refresh("refresh for less", frozenset({CASHIER}))]


def taking_away(kind: str) -> list[Act]:
    """Return what ends, narrows or suspends."""
    return [*of_the_client(kind), *of_the_person(kind), *of_staff(kind), *of_the_site()]


def of_the_client(kind: str) -> list[Act]:
    """Return the client's revocations."""

    def revoke(which: str) -> Act:
        def model(world: World) -> None:
            if world.is_client(world.applications[kind]):
                world.revoke(getattr(world, which)[0])

        def product(scene: Comparison) -> None:
            client = scene.client(scene.world.applications[kind])
            assert client.revoke(getattr(scene.world, which)[0].value).status_code in {200, 401}

        return ending(f"revoke the {which} token", model, product)

    return [revoke("access"), revoke("refresh")]


def of_the_person(kind: str) -> list[Act]:
    """Return what a person takes back from a page."""

    def by_luis(name: str, model: Callable[[World], object], product: Callable[[Product], object]) -> Act:
        def may(world: World) -> bool:
            luis = world.people["luis"]
            return luis.active and luis.passwords == 1 and world.applications[kind].exists

        return ending(name, lambda world: may(world) and model(world), lambda scene: product(scene.product))

    def both(world: World) -> tuple[Person, Application]:
        return world.people["luis"], world.applications[kind]

    def withdrawing(name: str, names: Scopes) -> Act:
        return by_luis(
            name,
            lambda world: world.withdraw(*both(world), names),
            lambda product: product.withdraw("luis", kind, names),
        )

    return [
        by_luis(
            "remove", lambda world: world.remove(*both(world)), lambda product: product.remove("luis", kind)
        ),
        *(
            withdrawing(f"withdraw {name}", names)
            for name, names in {"one": frozenset({READ}), "another": frozenset({CASHIER})}.items()
        ),
    ]


def of_staff(kind: str) -> list[Act]:
    """Return what staff does to an application."""

    def by_staff(name: str, model: Callable[[World], object], product: Callable[[Product], object]) -> Act:
        def may(world: World) -> bool:
            return world.applications[kind].exists

        return ending(name, lambda world: may(world) and model(world), lambda scene: product(scene.product))

    return [
        by_staff(
            "suspend",
            lambda world: setattr(world.applications[kind], "suspended", True),
            lambda product: product.set_suspended(kind, True),
        ),
        by_staff(
            "take a scope off the list",
            lambda world: setattr(world.applications[kind], "scopes", ALL - {READ}),
            lambda product: product.set_scopes(kind, ALL - {READ}),
        ),
        by_staff(
            "revoke every token",
            lambda world: world.end_all(application=world.applications[kind]),
            lambda product: product.end_tokens(kind),
        ),
        by_staff(
            "delete the application",
            lambda world: world.delete_application(world.applications[kind]),
            lambda product: product.application(kind).delete(),
        ),
    ]


def of_the_site() -> list[Act]:
    """Return what the site does to a person's account."""
    return [
        ending(
            "deactivate",
            lambda world: setattr(world.people["luis"], "active", False),
            lambda scene: scene.product.set_active("luis", False),
        ),
        ending(
            "change the password",
            lambda world: world.change_password(world.people["luis"]),
            lambda scene: scene.product.change_password("luis"),
        ),
        ending(
            "delete the person",
            lambda world: world.delete_person(world.people["luis"]),
            lambda scene: scene.product.delete_person("luis"),
        ),
        ending("clean up", lambda world: world.clean_up(), lambda scene: scene.product.clean_up()),
    ]
