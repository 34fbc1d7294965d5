"""What is stored of an application and would not be taken today: rules change, and so does what the site offers."""

from collections.abc import Collection
from copy import copy

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from ..models.application import Application


def problems(application: Application, names: Collection[str]) -> dict[str, list[str]]:
    """Return what there is to say of some of an application's fields, by field."""
    found = _broken_rules(application)
    missing = {"scopes": [_not_offered(name) for name in application.scopes.gone]}
    told = {name: [*found.get(name, ()), *missing.get(name, ())] for name in names}
    return {name: problems for name, problems in told.items() if problems}


def _broken_rules(application: Application) -> dict[str, list[str]]:
    # A copy, for cleaning sets what it has cleaned. Whose it is needs a query, and breaks no rule.
    try:
        copy(application).full_clean(exclude={"user"}, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return error.message_dict
    return {}


def _not_offered(name: str) -> str:
    return gettext("“%s” is no longer offered here, and no token carries it.") % name
