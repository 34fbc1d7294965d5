"""The requirements, as the TOML files beside this one hold them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KEYS = {"spec", "section", "text"}
HOUSE = "multinexo_oauth"


class BadRequirement(ValueError):
    """An entry that cannot stand, with the file and the id that say which."""


@dataclass(frozen=True)
class Requirement:
    id: str
    spec: str
    section: str
    text: str

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands in a list: RFCs, other specifications, our own rules; each by section."""
        kind = (self.spec == HOUSE, not self.spec.startswith("RFC"))
        return *kind, _natural(self.spec), _natural(self.section), self.id


def _natural(text: str) -> list[tuple[int, str]]:
    """Order numbers within a text as numbers: 4.10 comes after 4.2."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|[^\d.]+", text)]


def read(folder: Path = FOLDER) -> dict[str, Requirement]:
    """Return the requirements of a folder by id, in the order of the files. Raises BadRequirement."""
    found: dict[str, Requirement] = {}
    for path in sorted(folder.glob("*.toml")):
        for requirement in _read_file(path):
            if requirement.id in found:
                raise BadRequirement(f"{path.name}: [{requirement.id}] is in another file too")
            found[requirement.id] = requirement
    return found


def _read_file(path: Path) -> Iterator[Requirement]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadRequirement(f"{path.name}: {error}") from error
    for identifier, entry in entries.items():
        if not isinstance(entry, dict) or entry.keys() != KEYS:
            raise BadRequirement(f"{path.name}: [{identifier}] is not made of {', '.join(sorted(KEYS))}")
        yield Requirement(identifier, **entry)
