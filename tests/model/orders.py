"""What acts that met have left is explained by an order: one after the other they would have left the same."""

import copy
from collections.abc import Iterable, Sequence
from itertools import permutations

from .acts import World
from .comparison import Comparison
from .meeting import Act, Outcome

Met = Sequence[tuple[Act, Outcome]]


def explained(scene: Comparison, met: Met) -> bool:
    """Tell whether some order of the acts gives each of their answers, and what every credential is good for now."""
    before = scene.world
    try:
        return any(_agrees(scene, world) for world in _worlds(before, met))
    finally:
        scene.world = before


def _worlds(before: World, met: Met) -> Iterable[World]:
    """Give the worlds that those orders of the acts lead to in which each answers what it did."""
    for order in permutations(met):
        world = copy.deepcopy(before)
        if all(_answers(world, act, outcome) for act, outcome in order):
            yield world


def _answers(world: World, act: Act, outcome: Outcome) -> bool:
    error, delivered = act.on(world)
    told, values = outcome
    # A refusal is a refusal: who is deleted while asking is told that the client is gone, or what it presented.
    if bool(error) != bool(told) or len(delivered) != len(values):
        return False
    for credential, value in zip(delivered, values, strict=True):
        credential.value = credential.value or value
    return [credential.value for credential in delivered] == values


def _agrees(scene: Comparison, world: World) -> bool:
    scene.world = world
    try:
        scene.agree()
    except AssertionError:
        return False
    return True
