"""How lists of permissions stay short."""

from collections.abc import Collection
from typing import Any

from django import template

register = template.Library()

MOST_UNFOLDED = 15


@register.filter
def are_many(groups: Collection[tuple[str, Collection[Any]]]) -> bool:
    """Tell whether the permissions under their products are more than anybody reads in one go, and fold."""
    return sum(len(permissions) for _product, permissions in groups) > MOST_UNFOLDED


@register.filter
def sensitive(permissions: Collection[Any]) -> int:
    """Return how many of the permissions are marked as sensitive."""
    return sum(permission.sensitive for permission in permissions)
