"""Which tests prove what, as pytest's own collection finds them: nothing runs and no database is asked."""

import contextlib
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from .requirements import BadRequirement, read


@dataclass(frozen=True, order=True)
class Proof:
    path: str
    name: str

    @classmethod
    def of(cls, item: pytest.Item) -> "Proof":
        """Return the test an item comes of; the items of a parametrized one come of the same."""
        path, *names = item.nodeid.partition("[")[0].split("::")
        return cls(path, ".".join(names))


Proofs = dict[str, set[Proof]]


class CannotCollect(Exception):
    """pytest's own words why."""


class _Collector:
    def __init__(self) -> None:
        self.proofs: Proofs = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for requirement in proved_by(item):
                self.proofs[requirement].add(Proof.of(item))


def proved_by(item: pytest.Item) -> set[str]:
    return {requirement for mark in item.iter_markers("proves") for requirement in mark.args}


def collect() -> Proofs:
    """Return the tests by the id of the requirement that they prove. Raises CannotCollect."""
    collector, said = _Collector(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        outcome = pytest.main(["--collect-only", "-q"], plugins=[collector])
    if outcome is not pytest.ExitCode.OK:
        raise CannotCollect(said.getvalue())
    return collector.proofs


def refuse_unknown(items: Iterable[pytest.Item]) -> None:
    """Raise pytest's UsageError where an item is marked with a requirement that stands in no file."""
    try:
        known = read()
    except BadRequirement as error:
        raise pytest.UsageError(f"tests/conformance/{error}") from error
    strange = {f"{item.nodeid} proves {name!r}" for item in items for name in proved_by(item) - known.keys()}
    if strange:
        raise pytest.UsageError("No file of tests/conformance has these:", *sorted(strange))
