"""Histories that once parted model and product, as the machine printed them."""

from collections.abc import Callable, Iterator

import pytest

from .history import History
from .model import CASHIER, READ, SCOPES
from .product import Product, Site

ALL = frozenset(SCOPES)
Began = Callable[..., History]


@pytest.fixture
def began(db: None) -> Iterator[Began]:
    """Return what begins a history, which the test's end takes back."""
    histories: list[History] = []

    def begin(*kinds: str, cached: bool = True, all_rotate: bool = False) -> History:
        histories.append(History(Product()))
        histories[-1].begin(site=Site(cached, True, all_rotate), kinds=frozenset(kinds))
        return histories[-1]

    yield begin
    for history in histories:
        history.teardown()


def test_a_page_grants_nothing_once_one_of_its_scopes_left_the_catalogue(began: Began) -> None:
    state = began("spa", cached=False, all_rotate=True)
    state.move_scope(after=0, kind="catalogue", name="documents:read")
    state.move_scope(after=11, kind="catalogue", name="documents:write")
    state.press(after=11, number=3, ticked=ALL)


def test_a_request_that_names_a_scope_out_of_the_catalogue_is_refused(began: Began) -> None:
    state = began()
    state.move_scope(after=0, kind="catalogue", name="documents:read")
    state.visit(after=4, name="ana", kind="spa", asked=frozenset({READ, CASHIER}))


def test_introspection_names_what_is_left_of_a_refresh_token(began: Began) -> None:
    state = began("web")
    state.move_scope(after=0, kind="web", name="documents:read")
    state.move_scope(after=0, kind="web", name="documents:read")
    state.refresh(after=0, number=0)


def test_an_application_may_have_lost_every_scope(began: Began) -> None:
    state = began("web")
    for name in SCOPES:
        state.move_scope(after=0, kind="web", name=name)
    state.connect(after=0, name="luis", kind="web")


def test_a_code_is_replayed_while_its_person_is_deactivated(began: Began) -> None:
    state = began("web")
    state.manage_account(after=0, name="luis", what="active")
    state.exchange(after=11, number=0, wrong=None)
    state.manage_account(after=0, name="luis", what="active")


def test_a_scope_comes_back_to_a_family_that_was_used_without_it(began: Began) -> None:
    state = began("spa")
    state.move_scope(after=0, kind="catalogue", name="cashier:read")
    state.refresh(after=11, number=0)
    state.move_scope(after=0, kind="catalogue", name="cashier:read")
    state.refresh(after=11, number=0)


def test_a_replaced_token_comes_back_after_its_own_idle_time(began: Began) -> None:
    state = began("spa")
    state.let_time_pass(after=0, seconds=31 * 86_400, cleaned=False, forgotten=False)
    state.refresh(after=0, number=0)
    state.let_time_pass(after=0, seconds=29 * 86_400, cleaned=False, forgotten=False)
    state.refresh(after=0, number=1)


def test_a_covered_scope_outlives_that_what_covers_it_leaves_the_catalogue(began: Began) -> None:
    state = began()
    state.authorize(
        after=0,
        name="luis",
        kind="spa",
        asked=frozenset({"documents:write"}),
        ticked=frozenset({"documents:write"}),
    )
    state.authorize(after=0, name="luis", kind="spa", asked=frozenset({READ}), ticked=None)
    state.exchange(after=0, number=0, wrong=None)
    state.move_scope(after=0, kind="catalogue", name="documents:write")
    state.refresh(after=0, number=0)
    state.move_scope(after=0, kind="catalogue", name="documents:write")
    state.refresh(after=0, number=0)


def test_a_page_of_the_login_before_a_new_password_grants_nothing_in_the_login_after_it(began: Began) -> None:
    state = began()
    state.connect(after=0, kind="web", name="ana")
    state.manage_account(after=0, name="ana", what="password")
    state.press(after=0, number=0, ticked=ALL)
