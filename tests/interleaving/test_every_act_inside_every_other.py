"""Each act inside each other, at every moment without a transaction: it ends as one after the other would."""

import os

import pytest
from django.db import connection

from tests.conformance import proves

from .acts import ACTS, Act
from .outcome import Stage, faults, kind_of

# EVERY_INTERLEAVING=1 takes all pairs, which takes ten minutes. Others are what gives access and what ends it, in both
# orders, and each act with itself; on SQLite, with one writer at a time, what ends it inside of what gives it.
FULL = bool(os.environ.get("EVERY_INTERLEAVING"))


def is_chosen(outer: Act, inner: Act) -> bool:
    if kind_of(outer, inner) is None or outer.requests > 1:
        return False
    if connection.vendor == "sqlite" and not FULL:
        return inner.ends and not outer.ends
    return FULL or outer.ends != inner.ends or outer is inner


PAIRS = [(outer, inner) for outer in ACTS.values() for inner in ACTS.values() if is_chosen(outer, inner)]
# So many tests that two processes share them out, and so few that emptying the database takes no longer than they do.
GROUPS = sorted({(outer.name, inner.ends) for outer, inner in PAIRS})


@proves("any-order", "never-a-server-error")
@pytest.mark.parametrize(
    ("outer", "ends"), GROUPS, ids=[f"{name}-{'ends' if ends else 'gives'}" for name, ends in GROUPS]
)
def test_an_act_placed_inside_another_ends_as_a_serial_order_does(
    stage: Stage, outer: str, ends: bool
) -> None:
    found = [
        f"{inner.name}: {fault} (moments {moments})"
        for act, inner in PAIRS
        if act.name == outer and inner.ends == ends
        for fault, moments in faults(stage, act, inner).items()
    ]
    assert not found, "\n" + "\n".join(found)
