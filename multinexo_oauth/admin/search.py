"""Find whose rows a search is about, before the large tables are asked: these are then answered by their indexes."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from ..models import Application

LIMIT = 100


def people_matching(term: str) -> list[Any]:
    """Return the keys of the first people whose user name or e-mail holds the term."""
    wanted = Q()
    for field in person_fields():
        wanted |= Q(**{f"{field}__icontains": term})
    return list(
        get_user_model()._default_manager.filter(wanted).order_by().values_list("pk", flat=True)[:LIMIT]
    )


def person_fields() -> list[str]:
    """Return what the site's user model knows a person by; it need not have an e-mail."""
    model: Any = get_user_model()
    has = {field.name for field in model._meta.get_fields()}
    names = dict.fromkeys([model.USERNAME_FIELD, model.get_email_field_name()])
    return [name for name in names if name in has]


def applications_matching(term: str) -> list[int]:
    """Return the keys of the first applications whose name holds the term or whose client id it is."""
    wanted = Q(name__icontains=term) | Q(client_id=term)
    return list(Application.objects.filter(wanted).order_by().values_list("pk", flat=True)[:LIMIT])
