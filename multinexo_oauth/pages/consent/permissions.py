"""The permissions of a consent page: what is asked, what stands already, what cannot be cleared alone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from ...interface.wording import labels
from ...models import Application, Consent
from ...scopes import Scope, by_product, expand


@dataclass(frozen=True)
class Permission:
    """One line of the page. `included` says what comes along with it, ticked or not.

    `is_included_anyhow` marks that an implied scope also has its own checkbox; clearing it has no effect while this
    scope is ticked.
    """

    scope: Scope
    required: bool
    checked: bool
    included: str = ""
    is_included_anyhow: bool = False

    @property
    def name(self) -> str:
        return self.scope.name

    @property
    def label(self) -> str:
        return self.scope.label

    @property
    def description(self) -> str:
        return self.scope.description

    @property
    def sensitive(self) -> bool:
        return self.scope.sensitive


class Request(Protocol):
    """What asks a person for permissions: an application's authorization request, or a device's."""

    @property
    def client(self) -> Application: ...

    @property
    def scopes(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Asked:
    """The scopes of a request, split into new ones and those granted before.

    `has_access` tells whether the person has granted the application anything before, of this request or not.
    """

    new: tuple[str, ...]
    granted: tuple[str, ...]
    required: frozenset[str]
    has_access: bool

    @classmethod
    def of(cls, request: Request, consent: Consent | None) -> "Asked":
        """Return what a page asks now."""
        return cls._parted(
            request, consent, [name for name in request.scopes if consent and consent.covers(name)]
        )

    @classmethod
    def of_page(cls, request: Request, consent: Consent | None, shown: Collection[str]) -> "Asked | None":
        """Return what a page asked for that showed some scopes as granted; None if one of them is no longer granted."""
        still_granted = all(consent is not None and consent.covers(name) for name in shown)
        return cls._parted(request, consent, shown) if still_granted else None

    @classmethod
    def _parted(cls, request: Request, consent: Consent | None, granted: Collection[str]) -> "Asked":
        return cls(
            new=tuple(name for name in request.scopes if name not in granted),
            granted=tuple(name for name in request.scopes if name in granted),
            required=frozenset(request.client.required_scope_names),
            has_access=consent is not None,
        )

    def groups(self, names: Collection[str], checked: Collection[str]) -> list[tuple[str, list[Permission]]]:
        """Return the named permissions under their products, those in `checked` ticked."""
        return [
            (product, [self._permission(scope, scope.name in checked) for scope in scopes])
            for product, scopes in by_product(names)
        ]

    def _permission(self, scope: Scope, checked: bool) -> Permission:
        along = expand([scope.name]) - {scope.name} - expand(self.granted)
        clearable = set(self.new) - self.required
        return Permission(
            scope, scope.name in self.required, checked, labels(along), not along.isdisjoint(clearable)
        )
