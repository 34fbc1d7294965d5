"""Acts at once, in threads: what they answer and leave is what some order of them gives, and nothing fails."""

import os
import random
import time
from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from multinexo_oauth.models import Application, RefreshToken
from tests.at_once import at_once
from tests.conformance import proves

from .comparison import Comparison
from .meeting import Act, Outcome, acts_of, prepare
from .orders import explained
from .product import Product, Site

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
    proves("model-at-once", "never-a-server-error"),
]
ROUNDS = int(os.environ.get("MODEL_ROUNDS", "20"))
AT_ONCE = 3


@pytest.fixture
def chance() -> random.Random:
    return random.Random(os.environ.get("MODEL_SEED", "model"))


def dawdle(chance: random.Random) -> Callable[..., Any]:
    """Return what waits a moment before each statement, so that those of several requests mix."""

    def execute_later(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        time.sleep(chance.choice([0, 0, 0.001, 0.004]))
        return execute(sql, *arguments)

    return execute_later


def does(act: Act, scene: Comparison, together: Barrier, chance: random.Random) -> tuple[Act, Outcome]:
    with connection.execute_wrapper(dawdle(chance)):
        together.wait()
        return act, act.product(scene)


def met(scene: Comparison, acts: list[Act], chance: random.Random) -> list[tuple[Act, Outcome]]:
    """Do the acts at once. Return what each answered."""
    together = Barrier(len(acts))
    return at_once([partial(does, act, scene, together, random.Random(chance.random())) for act in acts])


def left_behind(scene: Comparison) -> bool:
    """Tell whether a token has no more than one successor."""
    live = RefreshToken.objects.filter(revoked=None, replaced_at=None)
    families = list(live.values_list("family", flat=True))
    return len(families) == len(set(families))


@pytest.mark.parametrize("kind", ["web", "spa", "device"])
def test_concurrent_acts_leave_what_some_serial_order_leaves(kind: str, chance: random.Random) -> None:
    wrong = []
    for number in range(ROUNDS):
        acts = chance.choices(acts_of(kind), k=AT_ONCE)
        product = Product()
        product.configure(
            Site(cached=chance.random() < 0.5, password_ends=True, all_rotate=chance.random() < 0.5)
        )
        with product.running():
            scene = prepare(product, kind)
            scene.warm_up()
            outcomes = met(scene, acts, chance)
            if not explained(scene, outcomes) or not left_behind(scene):
                wrong.append(f"round {number}: {[(act.name, error) for act, (error, _values) in outcomes]}")
        Application.objects.all().delete()
        User.objects.all().delete()
    assert not wrong, "\n".join(wrong)
