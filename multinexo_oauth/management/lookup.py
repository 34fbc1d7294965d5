"""Finding what a command's arguments name."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def person(name: str) -> Any:
    """Return the person of that name. Raises CommandError."""
    model = get_user_model()
    try:
        return model._default_manager.get_by_natural_key(name)
    except model.DoesNotExist as error:
        raise CommandError(f"There is no person {name!r}.") from error
