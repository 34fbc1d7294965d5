from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Start every test without wrong codes to anybody's name."""
    cache.clear()
    yield
    cache.clear()
