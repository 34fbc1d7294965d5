"""Each act placed inside each other, at every moment without a transaction: one of the two orders explains the rest."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase

from .comparison import Comparison
from .meeting import Act, Outcome, acts_of, prepare
from .orders import explained
from .product import Product, Site

KINDS = ("web", "spa", "device")
SITE = Site(cached=True, password_ends=True, all_rotate=False)


class Inside:
    """Does one thing right before a statement that no transaction of the product's holds, the nth of them."""

    def __init__(self, nth: int, does: Callable[[], None]) -> None:
        self.left, self.does, self.outer = nth, does, len(connection.savepoint_ids)

    def __call__(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        # The end of a transaction is still within it.
        if len(connection.savepoint_ids) == self.outer and not sql.startswith(("RELEASE", "ROLLBACK")):
            self.left -= 1
            if self.left == -1:
                self.does()
        return execute(sql, *arguments)


@pytest.fixture
def product(db: None) -> Product:
    return Product()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", range(len(acts_of("web"))))
def test_an_act_inside_another_is_as_if_before_or_after_it(product: Product, kind: str, number: int) -> None:
    acts = acts_of(kind)
    if number >= len(acts):
        pytest.skip("This kind has fewer acts.")
    product.configure(SITE)
    with product.example():
        scene = prepare(product, kind)
        wrong = [told for inner in acts for told in unexplained(scene, acts[number], inner)]
    assert not wrong, "\n".join(wrong)


def unexplained(scene: Comparison, outer: Act, inner: Act) -> Iterator[str]:
    """Place one act inside the other, at one moment after the other. Give what no order explains."""
    for moment in count():
        with scene.product.taken_back():
            scene.warm_up()
            answered: list[Outcome] = []
            inside = Inside(moment, lambda answered=answered: answered.append(inner.product(scene)))
            with TestCase.captureOnCommitCallbacks(execute=True), connection.execute_wrapper(inside):
                outcome = outer.product(scene)
            if not answered:
                return
            if not explained(scene, [(outer, outcome), (inner, answered[0])]):
                yield f"{inner.name} inside {outer.name}, moment {moment}: {answered[0][0]!r} in {outcome[0]!r}"
