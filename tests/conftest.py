"""Shared wiring; what a folder's tests need stands in that folder."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from tests.conformance.collection import refuse_unknown
from tests.oauth import device, native, owner, person, products, service, spa, stranger, tokens, web
from tests.requirements import database_answers, require

__all__ = ["device", "native", "owner", "person", "products", "service", "spa", "stranger", "tokens", "web"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    refuse_unknown(items)
    browser_last(items)


def browser_last(items: list[pytest.Item]) -> None:
    """Run the browser's tests last: Playwright keeps an event loop running in the thread that started it."""
    items.sort(key=lambda item: "browser" in item.path.parent.parts)


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    """Have no test meet the counts of another one's attempts, which are kept for whoever has the same key."""
    cache.clear()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Leave no test the language of another one's last page, which Django keeps for the thread."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def database_server() -> None:
    require(database_answers(), f"{settings.DATABASES['default']['ENGINE']} does not answer")


@pytest.fixture(scope="session")
def django_db_setup(database_server: None, django_db_setup: None) -> None:
    """Set the test database up once its server is known to answer."""
