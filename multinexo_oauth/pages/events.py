"""Events as pages tell them."""

from collections.abc import Iterable

from django.core.exceptions import FieldDoesNotExist

from ..models import Application, Event
from ..scopes import describe
from .my_applications.forms import BrandForm, OverviewForm, PermissionsForm

# No line begins with the dot.
SEPARATOR = "\u00a0· "
_FIELDS = OverviewForm.base_fields | PermissionsForm.base_fields | BrandForm.base_fields


def rows(events: Iterable[Event]) -> list[tuple[Event, str]]:
    """Return each event with what it was about, in words: the secret, the fields or the permissions."""
    return [(event, _about(event)) for event in events]


def _about(event: Event) -> str:
    detail = event.detail
    if "secret" in detail:
        return str(detail["secret"])
    if "fields" in detail:
        return SEPARATOR.join(map(_field_label, detail["fields"]))
    return SEPARATOR.join(str(scope.label) for scope in describe(detail.get("scopes", ())))


def _field_label(name: str) -> str:
    """Return a field's name as its owner reads it in the form; staff change others too."""
    if name in _FIELDS:
        return str(_FIELDS[name].label)
    try:
        return str(getattr(Application._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name
