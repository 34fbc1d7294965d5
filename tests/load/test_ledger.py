"""What the run under load relies on: how it judges a use by the acts that came before it and at once."""

import pytest

from .ledger import Credential, Ledger


def token(asked: float, told: float, application: int = 1) -> Credential:
    return Credential("access token", "value", application, 1, object(), frozenset(), asked, told)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def end(ledger: Ledger, application: int = 1) -> None:
    with ledger.ending("deleted", lambda token: token.application == application):
        pass


def use(ledger: Ledger, used: Credential, let_in: bool) -> list[str]:
    with ledger.use(used) as found:
        found.let_in = let_in
    return ledger.faults


def test_a_token_that_is_let_in_after_its_ending_is_a_fault(ledger: Ledger) -> None:
    end(ledger)
    assert len(use(ledger, token(0, 0), let_in=True)) == 1


def test_another_ones_ending_is_no_reason(ledger: Ledger) -> None:
    end(ledger, application=2)
    assert use(ledger, token(0, 0), let_in=True) == []
    assert len(use(ledger, token(0, 0), let_in=False)) == 1


def test_a_token_that_is_refused_after_its_ending_is_none(ledger: Ledger) -> None:
    end(ledger)
    assert use(ledger, token(0, 0), let_in=False) == []


def test_a_token_that_nobody_ended_and_is_refused_is_a_fault(ledger: Ledger) -> None:
    assert len(use(ledger, token(0, 0), let_in=False)) == 1


def test_a_token_that_was_asked_for_after_the_ending_has_to_work(ledger: Ledger) -> None:
    end(ledger)
    later = ledger.endings[0].acknowledged + 1
    assert use(ledger, token(later, later), let_in=True) == []
    assert len(use(ledger, token(later, later), let_in=False)) == 1


@pytest.mark.parametrize("let_in", [True, False])
def test_a_token_that_was_on_its_way_meanwhile_may_be_either(ledger: Ledger, let_in: bool) -> None:
    end(ledger)
    ending = ledger.endings[0]
    assert use(ledger, token(ending.began, ending.acknowledged), let_in) == []


@pytest.mark.parametrize("let_in", [True, False])
def test_an_ending_that_nobody_answered_may_have_happened(ledger: Ledger, let_in: bool) -> None:
    ending = ledger.ending("deleted", lambda token: True)
    with ending:
        assert use(ledger, token(0, 0), let_in) == []


def test_tokens_work_again_after_a_suspension(ledger: Ledger) -> None:
    end(ledger)
    (suspension,) = ledger.endings
    suspension.taken_back = suspension.over = suspension.acknowledged
    assert use(ledger, token(0, 0), let_in=True) == []
    assert len(use(ledger, token(0, 0), let_in=False)) == 1
