"""Each act inside each other, at every moment without a transaction: it ends as one after the other would."""

import os

import pytest
from django.db import connection

from tests.conformance import proves

from .acts import ACTS
from .outcome import Stage, faults, kind_of

# EVERY_INTERLEAVING=1 adds what takes long: acts that end something inside others that do, and all of it on SQLite.
FULL = bool(os.environ.get("EVERY_INTERLEAVING"))


def is_chosen(outer_ends: bool, inner_ends: bool) -> bool:
    """Tell whether acts of the kinds meet in a run that is not the full one."""
    if FULL:
        return True
    return inner_ends and not outer_ends if connection.vendor == "sqlite" else not (inner_ends and outer_ends)


CHOSEN = [
    (name, inners)
    for name, outer in ACTS.items()
    for inners in ("gives", "ends")
    if is_chosen(outer.ends, inners == "ends")
]


@proves("any-order", "never-a-server-error")
@pytest.mark.parametrize(("outer", "inners"), CHOSEN)
def test_what_comes_inside_an_act_ends_as_one_after_the_other(stage: Stage, outer: str, inners: str) -> None:
    ends = inners == "ends"
    found = [
        f"{inner.name}: {fault} (moments {moments})"
        for inner in ACTS.values()
        if inner.ends == ends and kind_of(ACTS[outer], inner)
        for fault, moments in faults(stage, ACTS[outer], inner).items()
    ]
    assert not found, "\n" + "\n".join(found)
