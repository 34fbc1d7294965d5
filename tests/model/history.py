"""One history: what may happen to credentials, in model and product alike, as Hypothesis draws it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.cache import cache
from django.test import TestCase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from .comparison import Comparison
from .model import DAY, SCOPES, Application, Credential, Scopes
from .product import KINDS, PEOPLE, WRONG, Product, Site

T = TypeVar("T")
people = st.sampled_from(PEOPLE)
with_people = st.sampled_from(["web", "spa", "device"])
kinds = st.sampled_from(KINDS)
scope = st.sampled_from(SCOPES)
ALL = frozenset(SCOPES)
some = st.frozensets(scope, min_size=1)
# Mostly all of them, so that there is something to lose.
wanted = st.one_of(st.just(ALL), some)
ticked = st.one_of(wanted, st.none())
# Of the newest ones.
number = st.integers(0, 3)
a_little = st.sampled_from([0, 0, 0, 1, 4, 5, 9, 10, 11, 59, 60])
a_while = st.sampled_from(
    [0, 1, 10, 60, 300, 840, 899, 900, DAY, 8 * DAY, 29 * DAY, 31 * DAY, 59 * DAY, 61 * DAY]
)


def act(needs: str = "", **arguments: Any) -> Callable[[Callable[..., None]], Any]:
    """Make a rule of an act, which comes some seconds `after` the last one and needs something to be there."""

    def decorate(does: Callable[..., None]) -> Any:
        @wraps(does)
        def compared(self: "History", after: int = 0, **chosen: Any) -> None:
            self.wait(after)
            with TestCase.captureOnCommitCallbacks(execute=True):
                does(self, **chosen)
            self.agree()

        there = precondition(lambda self: not needs or bool(getattr(self.world, needs)))
        return there(rule(after=a_little, **arguments)(compared))

    return decorate


class History(Comparison, RuleBasedStateMachine):
    """One history, which leaves the product as it was."""

    def __init__(self, product: Product) -> None:
        RuleBasedStateMachine.__init__(self)
        Comparison.__init__(self, product)
        self.example = product.example()
        self.example.__enter__()

    def teardown(self) -> None:
        self.example.__exit__(None, None, None)

    @initialize(
        site=st.builds(Site, st.booleans(), st.booleans(), st.booleans()),
        kinds=st.frozensets(with_people, max_size=2),
    )
    def begin(self, site: Site, kinds: frozenset[str]) -> None:
        """Set the site up, and have applications of some kinds connected to somebody's account."""
        self.product.configure(site)
        self.world.password_ends, self.world.all_rotate = site.password_ends, site.all_rotate
        for kind in sorted(kinds):
            self.connect(name="luis", kind=kind)

    # Getting credentials.

    @act(name=people, kind=kinds)
    def connect(self, name: str, kind: str) -> None:
        """Go all the way from the request to the tokens, for all that the application may ask for."""
        asked = self.world.applications[kind].scopes & self.world.catalogue or ALL
        if kind == "service":
            self.serves(asked)
        elif kind == "device":
            if self.starts(asked):
                self.decides(name, self.world.devices[-1], asked)
                self.polls(self.world.devices[-1])
        elif self.authorizes(name, kind, asked, asked):
            self.exchanges(self.world.codes[-1])

    @act(name=people, kind=with_people, asked=wanted, ticked=ticked)
    def authorize(self, name: str, kind: str, asked: Scopes, ticked: Scopes | None) -> None:
        """Have an application ask; where it is a device, nobody answers yet."""
        if kind == "device":
            self.starts(asked)
        else:
            self.authorizes(name, kind, asked, ticked)

    @act(name=people, kind=st.sampled_from(["web", "spa"]), asked=wanted)
    def visit(self, name: str, kind: str, asked: Scopes) -> None:
        """Open a page, perhaps, and leave it open."""
        self.visits(name, kind, asked)

    @act("pages", number=number, ticked=ticked)
    def press(self, number: int, ticked: Scopes | None) -> None:
        self.presses(pick(self.world.pages, number), ticked)

    @act("codes", number=number, wrong=st.sampled_from([None, None, *WRONG]))
    def exchange(self, number: int, wrong: str | None) -> None:
        self.exchanges(pick(self.world.codes, number), wrong)

    @act("refresh", number=number)
    def refresh(self, number: int) -> None:
        self.refreshes(pick(self.world.refresh, number))

    @act("refresh", number=number, asked=some)
    def refresh_for(self, number: int, asked: Scopes) -> None:
        self.refreshes(pick(self.world.refresh, number), asked)

    @act("devices", name=people, number=number, ticked=ticked)
    def decide(self, name: str, number: int, ticked: Scopes | None) -> None:
        self.decides(name, pick(self.world.devices, number), ticked)

    @act("devices", number=number)
    def poll(self, number: int) -> None:
        self.polls(pick(self.world.devices, number))

    # Losing them.

    @act("access", which=st.sampled_from(["access", "refresh"]), number=number)
    def revoke(self, which: str, number: int) -> None:
        """Have a client revoke a token."""
        token = pick(getattr(self.world, which) or self.world.access, number)
        status = 200 if self.world.is_client(token.application) else 401
        if status == 200:
            self.world.revoke(token)
        assert self.client(token.application).revoke(token.value).status_code == status

    @act("consents", number=number, names=st.one_of(some, st.none()))
    def withdraw(self, number: int, names: Scopes | None) -> None:
        """Have a person take some permissions back, or all access."""
        person, application = pick(list(self.world.consents), number)
        name = self.name(person)
        may = bool(person and person.active and application.exists)
        if names is None:
            if may:
                self.world.remove(person, application)
            self.product.remove(name, application.kind)
        else:
            if may:
                self.world.withdraw(person, application, names)
            self.product.withdraw(name, application.kind, names)

    @act(name=people, what=st.sampled_from(["password", "active", "active", "delete"]))
    def manage_account(self, name: str, what: str) -> None:
        """Change a password, deactivate or reactivate an account, or delete it."""
        person = self.world.people[name]
        if not person.exists:
            return
        if what == "password":
            self.world.change_password(person)
            self.product.change_password(name)
            self.product.sign_in(name)
        elif what == "active":
            person.active = not person.active
            self.product.set_active(name, person.active)
        else:
            self.world.delete_person(person)
            self.product.delete_person(name)

    @act(kind=kinds, what=st.sampled_from(["suspend", "suspend", "secret", "secret", "tokens", "delete"]))
    def manage_application(self, kind: str, what: str) -> None:
        """Suspend or reactivate an application, revoke its secret or issue one, end its tokens or the application."""
        application = self.world.applications[kind]
        if not application.exists:
            return
        if what == "suspend":
            application.suspended = not application.suspended
            self.product.set_suspended(kind, application.suspended)
        elif what == "tokens":
            self.world.end_all(application=application)
            self.product.end_tokens(kind)
        elif what == "delete":
            self.world.delete_application(application)
            self.product.application(kind).delete()
        elif application.has_secret:
            self.change_secret(application)

    def change_secret(self, application: Application) -> None:
        for secret in self.world.secrets_of(application)[:1]:
            secret.gone = True
            self.product.revoke_secret(secret.value)
            return
        value = self.product.issue_secret(application.kind)
        self.world.secrets.append(Credential(application=application, value=value))

    # What comes and goes.

    @act(kind=st.sampled_from(["catalogue", "catalogue", *KINDS]), name=scope)
    def move_scope(self, kind: str, name: str) -> None:
        """Take a scope out of the catalogue or off an application's list, or put it back."""
        if kind == "catalogue":
            self.world.catalogue ^= {name}
            self.product.set_catalogue(self.world.catalogue)
        elif self.world.applications[kind].exists:
            self.world.applications[kind].scopes ^= {name}
            self.product.set_scopes(kind, self.world.applications[kind].scopes)

    @act(seconds=a_while, cleaned=st.booleans(), forgotten=st.booleans())
    def let_time_pass(self, seconds: int, cleaned: bool, forgotten: bool) -> None:
        """Let time pass; then clean up or lose the cache."""
        self.wait(seconds)
        if cleaned:
            self.world.clean_up()
            self.product.clean_up()
        if forgotten:
            cache.clear()


def pick(of: list[T], number: int) -> T:
    return of[-1 - number % len(of)]
