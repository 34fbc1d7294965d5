"""Hypothesis gives model and product the same random acts, and looks for the shortest history that parts them."""

import os

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conformance import proves

from .history import History
from .product import Product


@pytest.fixture
def product(db: None) -> Product:
    return Product()


HISTORIES = int(os.environ.get("MODEL_HISTORIES", "60"))
PARTS = 6


@proves("model-histories")
@pytest.mark.parametrize("part", range(PARTS))
def test_model_and_product_agree(product: Product, part: int) -> None:
    @seed(part)
    class Part(History):
        def __init__(self) -> None:
            super().__init__(product)

    run_state_machine_as_test(
        Part,
        settings=settings(
            database=None,
            deadline=None,
            max_examples=HISTORIES // PARTS,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )
