"""What people and applications do all day: authorize, exchange, refresh, call."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

from tests.oauth import OAuthClient

from .at_once import closing
from .cast import SCOPES, Cast, Family
from .ledger import Credential, Ledger
from .wire import RemotePerson, RemoteProducts, code_of

# So many families are held at most.
FAMILIES = 60


class Using:
    def __init__(self, cast: Cast, ledger: Ledger) -> None:
        self.cast = cast
        self.ledger = ledger
        self.products = RemoteProducts(cast.site)

    @property
    def acts(self) -> dict[Callable[[], None], int]:
        """What is done, and how often beside the others."""
        return {
            self.call: 30,
            self.authorize: 12,
            self.authorize_silently: 12,
            self.refresh: 12,
            self.refresh_twice_at_once: 4,
            self.exchange_twice_at_once: 4,
            self.get_a_token_for_itself: 6,
        }

    def call(self) -> None:
        if self.ledger.credentials:
            self.call_with(random.choice(self.ledger.credentials[-300:]))

    def call_with(self, token: Credential) -> None:
        if token.what != "access token":
            return
        with self.ledger.use(token) as use:
            answer = self.products.list(token.value)
            use.let_in, use.told = {200: True, 401: False}.get(answer.status_code), answer.content

    def authorize(self) -> None:
        """Go through the consent page, where it comes, and exchange the code."""
        person, client, asked = self.cast.person(), self.cast.client("web", "spa"), monotonic()
        page = person.visit(client, scope=SCOPES)
        if page.status_code == 200:
            page = person.decide(page)
        self.exchange(person, client, code_of(page), asked)

    def authorize_silently(self) -> None:
        person, client, asked = self.cast.person(), self.cast.client("web", "spa"), monotonic()
        answer = person.visit(client, scope=SCOPES, prompt="none")
        self.exchange(person, client, code_of(answer), asked)

    def exchange(self, person: RemotePerson, client: OAuthClient, code: str | None, asked: float) -> None:
        if code is None:
            return
        family = object()
        carried = credential("code", code, client, person, family, SCOPES, asked)
        with self.ledger.use(carried) as use:
            answer = client.exchange(code)
            use.let_in, use.told = answer.status_code == 200, answer.content
        if answer.status_code == 200:
            self.hold(person, client, family, answer.json(), asked)

    def exchange_twice_at_once(self) -> None:
        """Submit a callback twice: one of both gets tokens, which stay good."""
        person, client, asked = self.cast.person(), self.cast.client("web", "spa"), monotonic()
        code = code_of(person.visit(client, scope=SCOPES, prompt="none"))
        if code is None:
            return
        carried = credential("code", code, client, person, object(), SCOPES, asked)
        with self.ledger.use(carried) as use:
            answers = twice_at_once(lambda: client.exchange(code))
            good = [answer for answer in answers if answer.status_code == 200]
            use.let_in, use.told = bool(good), [answer.content for answer in answers]
        if len(good) == 2:
            self.ledger.fault("a code was exchanged twice")
        for answer in good:
            self.hold(person, client, object(), answer.json(), asked)

    def hold(
        self, person: RemotePerson, client: OAuthClient, family: object, told: dict[str, str], asked: float
    ) -> None:
        access = self.deliver(
            "access token", told["access_token"], client, person, family, told["scope"], asked
        )
        refresh = self.deliver("refresh token", told["refresh_token"], client, person, family, SCOPES, asked)
        if len(self.cast.families) < FAMILIES:
            self.cast.put_family(Family(client, person, refresh, access))
        self.call_with(access)

    def refresh(self) -> None:
        family = self.cast.take_family()
        if family is not None and self.refreshed(family, 1):
            self.cast.put_family(family)

    def refresh_twice_at_once(self) -> None:
        """Refresh in two tabs: both get the same new token, or keep theirs."""
        family = self.cast.take_family()
        if family is not None and self.refreshed(family, 2):
            self.cast.put_family(family)

    def refreshed(self, family: Family, times: int) -> bool:
        """Refresh a family so many times at once. Return whether it lives on."""
        asked, used = monotonic(), family.refresh
        with self.ledger.use(used) as use:
            answers = (
                twice_at_once(lambda: family.client.refresh(used.value))[:times]
                if times > 1
                else [family.client.refresh(used.value)]
            )
            use.told = [answer.content for answer in answers]
            use.let_in = judged({answer.status_code for answer in answers})
        good = [answer.json() for answer in answers if answer.status_code == 200]
        if len({told["refresh_token"] for told in good}) > 1:
            self.ledger.fault("one refresh token has two successors")
        for told in good:
            self.take(family, told, asked)
        return len(good) == len(answers)

    def take(self, family: Family, told: dict[str, str], asked: float) -> None:
        """Go on with what a refresh delivered."""
        about = (family.client, family.person, family.refresh.family)
        family.access = self.deliver("access token", told["access_token"], *about, told["scope"], asked)
        if told["refresh_token"] != family.refresh.value:
            family.replaced.append((monotonic(), family.refresh.value))
            family.refresh = self.deliver("refresh token", told["refresh_token"], *about, SCOPES, asked)
        self.call_with(family.access)

    def get_a_token_for_itself(self) -> None:
        client, asked = self.cast.client("service"), monotonic()
        carried = credential("client", "", client, None, object(), SCOPES, 0)
        with self.ledger.use(carried) as use:
            answer = client.token("client_credentials")
            use.let_in, use.told = (None if answer.status_code == 200 else False), answer.content
        if answer.status_code == 200:
            told = answer.json()
            token = self.deliver(
                "access token", told["access_token"], client, None, object(), told["scope"], asked
            )
            self.call_with(token)

    def deliver(self, *about: Any) -> Credential:
        return self.ledger.deliver(credential(*about))


def credential(
    what: str,
    value: str,
    client: OAuthClient,
    person: RemotePerson | None,
    family: object,
    scopes: str,
    asked: float,
) -> Credential:
    person_key = None if person is None else person.key
    scope_names = frozenset(scopes.split())
    return Credential(what, value, client.application.pk, person_key, family, scope_names, asked, monotonic())


def judged(statuses: set[int]) -> bool | None:
    """Tell whether the uses of a credential at once were let in; None where the answers differ or tell nothing."""
    if statuses == {200}:
        return True
    return False if 400 in statuses or 401 in statuses else None


def twice_at_once(call: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(closing, [call, call]))
