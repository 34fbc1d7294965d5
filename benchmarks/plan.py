"""How much is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

OPERATIONS = {
    "client_credentials": "client credentials",
    "exchange": "code exchange",
    "refresh": "refresh",
    "introspection": "introspection",
}


@dataclass(frozen=True)
class Plan:
    """How much of what.

    `sizes` are the numbers of stored tokens, `connections` those of the applications of a person; `seconds` is the
    length of a round of the live site.
    """

    folder: Path
    tell: Callable[[str], None]
    rounds: int = 15
    bearer_calls: int = 200
    token_calls: int = 20
    sizes: tuple[int, int] = (10_000, 1_000_000)
    connections: tuple[int, int] = (100, 10_000)
    seconds: float = 1.0

    @classmethod
    def quick(cls, folder: Path, tell: Callable[[str], None]) -> "Plan":
        """Return a plan that shows that everything works, with figures that say little."""
        return cls(
            folder,
            tell,
            3,
            bearer_calls=20,
            token_calls=3,
            sizes=(100, 1000),
            connections=(50, 100),
            seconds=0.2,
        )
