"""The scope catalogue: what an application may ask for, in the words a person reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .conf import conf

if TYPE_CHECKING:
    from .models import Application


@dataclass(frozen=True)
class Scope:
    """One permission of the catalogue. `implies` names the scopes that it brings along."""

    name: str
    label: str
    description: str = ""
    product: str = ""
    sensitive: bool = False
    implies: frozenset[str] = field(default_factory=frozenset)


def catalogue() -> dict[str, Scope]:
    """Return the site's scopes by name, in the order of its settings.

    Without a signing key there are no ID tokens, and so no `openid`, whatever the settings say.
    """
    return {name: _read(name, entry) for name, entry in conf.scopes.items() if _is_offered(name)}


def _is_offered(name: str) -> bool:
    return name in conf.scopes and (name != "openid" or bool(conf.signing_keys))


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
    """Return the names with every scope that they imply, however far."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            # Each call of the API asks this: the catalogue would be read whole for it.
            waiting.extend(conf.scopes[name].get("implies", ()) if _is_offered(name) else ())
    return frozenset(found)


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


class CatalogueScopes:
    """django-oauth-toolkit's scopes backend, answering from the catalogue and the client's allow-list."""

    def get_all_scopes(self) -> dict[str, str]:
        return {name: scope.label for name, scope in catalogue().items()}

    def get_available_scopes(
        self, application: "Application | None" = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        if application is None:
            return list(catalogue())
        return [name for name in application.scope_names if _is_offered(name)]

    def get_default_scopes(
        self, application: "Application | None" = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return application.default_scope_names if application else []
