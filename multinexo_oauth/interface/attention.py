"""Stored values of an application that today's rules and catalogue would refuse."""

from collections.abc import Collection
from copy import copy

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from ..models.application import Application


def stored_problems(application: Application, names: Collection[str]) -> dict[str, list[str]]:
    """Return the problems of some of an application's fields, by field."""
    found = _broken_rules(application)
    missing = {"scopes": [_not_offered(name) for name in application.scopes.gone]}
    told = {name: [*found.get(name, ()), *missing.get(name, ())] for name in names}
    return {name: problems for name, problems in told.items() if problems}


def _broken_rules(application: Application) -> dict[str, list[str]]:
    # A copy, because cleaning changes the instance. The owner is left out: it needs a query and has no rule.
    try:
        copy(application).full_clean(exclude={"user"}, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return error.message_dict
    return {}


def _not_offered(name: str) -> str:
    return gettext("“%s” is no longer offered here, and no token carries it.") % name
