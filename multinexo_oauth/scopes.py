"""The scope catalogue: what applications may ask for, described for people."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType
from typing import Any

from django.apps import apps

from .conf import conf

# An app declares its scopes in a module of this name, as it does its admin in `admin`.
MODULE = "oauth_scopes"
ANY = "*"
# OpenID Connect Core section 11. Clients ask for it by habit; a refresh token here depends on the kind of application.
OFFLINE_ACCESS = "offline_access"
Entries = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Scope:
    """One permission of the catalogue. `implies` names the scopes that it brings along."""

    name: str
    label: str
    description: str = ""
    product: str = ""
    sensitive: bool = False
    implies: frozenset[str] = field(default_factory=frozenset)

    @property
    def brings_along(self) -> list[str]:
        """The names of the scopes that come along with it, directly or not."""
        return sorted(expand([self.name]) - {self.name})


def declarations() -> Iterator[tuple[str, Entries]]:
    """Give each declaration of scopes with its name: first the setting, then the apps' modules."""
    yield "MULTINEXO_OAUTH['SCOPES']", conf.scopes
    for module in _modules(tuple(apps.app_configs)):
        yield f"{module.__name__}.SCOPES", getattr(module, "SCOPES", {})


@lru_cache(maxsize=1)
def _modules(labels: tuple[str, ...]) -> list[ModuleType]:
    """Return the modules of apps that declare scopes. They were imported in `AppConfig.ready`."""
    names = [f"{apps.get_app_config(label).name}.{MODULE}" for label in labels]
    return [sys.modules[name] for name in names if name in sys.modules]


def catalogue() -> dict[str, Scope]:
    """Return the site's scopes by name: those of its settings, then those of its apps, each in their own order.

    Whatever is declared, `offline_access` is never a scope, and without a signing key there are no ID tokens and
    therefore no `openid`.
    """
    return _current().scopes


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The scopes of some declarations, parsed once because every API call needs them."""

    declared: list[Entries]
    has_openid: bool
    scopes: dict[str, Scope]

    @classmethod
    def of(cls, declared: list[Entries], has_openid: bool) -> "Catalogue":
        scopes: dict[str, Scope] = {}
        left_out = {OFFLINE_ACCESS} if has_openid else {OFFLINE_ACCESS, "openid"}
        for entries in declared:
            for name, entry in entries.items():
                if name not in scopes and name not in left_out:
                    scopes[name] = _read(name, entry)
        return cls([dict(entries) for entries in declared], has_openid, scopes)


_catalogue = Catalogue([], False, {})


def _current() -> Catalogue:
    global _catalogue
    declared, has_openid = [entries for _place, entries in declarations()], bool(conf.signing_keys)
    if declared != _catalogue.declared or has_openid is not _catalogue.has_openid:
        _catalogue = Catalogue.of(declared, has_openid)
    return _catalogue


def _read(name: str, entry: Any) -> Scope:
    return Scope(
        name=name,
        label=entry["label"],
        description=entry.get("description", ""),
        product=entry.get("product", ""),
        sensitive=entry.get("sensitive", False),
        implies=frozenset(entry.get("implies", ())),
    )


def expand(names: Iterable[str]) -> frozenset[str]:
    """Return the names with every scope that they imply, directly or not, without names that the catalogue lacks."""
    return _expanded(_current(), tuple(names))


@lru_cache(maxsize=1024)
def _expanded(known: Catalogue, names: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in known.scopes and name not in found:
            found.add(name)
            waiting.extend(known.scopes[name].implies)
    return frozenset(found)


def is_wildcard(name: str) -> bool:
    """Tell whether a name stands for every scope that begins like it, as `products:*` does."""
    return name.endswith(f":{ANY}")


def concrete(names: Iterable[str]) -> list[str]:
    """Return the names, each wildcard replaced by the scopes that it stands for now; one that has none stays."""
    everything = catalogue()
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(_covered(name, everything) or [name])
    return list(found)


def _covered(name: str, among: Iterable[str]) -> list[str]:
    prefix = name.removesuffix(ANY)
    return [other for other in among if other.startswith(prefix)] if is_wildcard(name) else []


def known(names: Iterable[str]) -> list[str]:
    """Return the names that the catalogue has, and wildcards that match any of them.

    Other names stay stored, and count again once the catalogue has them again.
    """
    everything = catalogue()
    return [name for name in names if name in everything or _covered(name, everything)]


def gone(names: Iterable[str]) -> list[str]:
    """Return the names that the catalogue lacks, and wildcards that match nothing."""
    stored = list(names)
    still = set(known(stored))
    return [name for name in stored if name not in still]


def carriers(names: Iterable[str]) -> list[str]:
    """Return the scopes that include any of the names: these themselves, and those that imply them."""
    wanted = set(names)
    return [name for name in catalogue() if not wanted.isdisjoint(expand([name]))]


def wildcards() -> list[str]:
    """Return the wildcards of the catalogue, one for each beginning that its scopes have."""
    beginnings = (name.rpartition(":")[0] for name in catalogue())
    return [f"{beginning}:{ANY}" for beginning in dict.fromkeys(beginnings) if beginning]


def describe(names: Iterable[str]) -> list[Scope]:
    """Return the catalogue's entries for the names, in its order. A name it does not know is left out."""
    wanted = set(names)
    return [scope for name, scope in catalogue().items() if name in wanted]


def by_product(names: Iterable[str]) -> list[tuple[str, list[Scope]]]:
    """Return the catalogue's entries for the names, grouped under their product's label."""
    groups: dict[str, list[Scope]] = {}
    for scope in describe(names):
        groups.setdefault(scope.product, []).append(scope)
    return list(groups.items())


class Scopes(str):
    """A list of scope names as it is stored and sent: a text with spaces between them (RFC 6749 section 3.3).

    A name stays in it when the catalogue loses it, and counts again once the catalogue has it again.
    """

    __slots__ = ()

    @classmethod
    def of(cls, names: Iterable[str]) -> "Scopes":
        """Return a list of these names, each once."""
        return cls(" ".join(dict.fromkeys(names)))

    @classmethod
    def read(cls, names: str | Iterable[str]) -> "Scopes":
        """Return names that may come as one text or one by one."""
        return cls(names) if isinstance(names, str) else cls.of(names)

    @property
    def names(self) -> list[str]:
        return self.split()

    @property
    def known(self) -> list[str]:
        """The names that the catalogue has, and wildcards that stand for any."""
        return known(self.names)

    @property
    def gone(self) -> list[str]:
        """The names that the catalogue has no longer, and wildcards of nothing."""
        return gone(self.names)

    @property
    def concrete(self) -> list[str]:
        """The known names, each wildcard replaced by the scopes that it stands for now."""
        return concrete(self.known)

    @property
    def expanded(self) -> frozenset[str]:
        """The known names with every scope that they imply."""
        return expand(self.names)

    def without(self, names: Collection[str]) -> "Scopes":
        return Scopes.of(name for name in self.names if name not in names)

    def holds_any(self, names: Iterable[str]) -> bool:
        return not set(names).isdisjoint(self.names)

    def lost(self, after: "Scopes") -> list[str]:
        """Return the known scopes, wildcards replaced, that a later list has no longer."""
        left = set(concrete(after.names))
        return [name for name in self.concrete if name not in left]
