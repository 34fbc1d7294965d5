"""Find the people or applications that a search is about first, so that indexes answer the query on the large table."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from ..models import Application

LIMIT = 100


class Matches(list[Any]):
    """The keys of the first matching rows, exact matches first. `is_cut` tells that there are more."""

    is_cut = False

    @classmethod
    def of(cls, rows: QuerySet[Any], exactly: Q, loosely: Q) -> "Matches":
        keys = rows.order_by("pk").values_list("pk", flat=True)
        exact = list(keys.filter(exactly)[:LIMIT])
        others = keys.filter(loosely).exclude(pk__in=exact)[: LIMIT + 1 - len(exact)]
        found = [*exact, *others]
        matches = cls(found[:LIMIT])
        matches.is_cut = len(found) > LIMIT
        return matches


def people_matching(term: str) -> Matches:
    """Return the keys of people whose user name or e-mail is the term, then of those where it holds the term."""
    exactly, loosely = Q(), Q()
    for field in person_fields():
        exactly |= Q(**{f"{field}__iexact": term})
        loosely |= Q(**{f"{field}__icontains": term})
    return Matches.of(get_user_model()._default_manager.all(), exactly, loosely)


def person_fields() -> list[str]:
    """Return what the site's user model knows a person by; it need not have an e-mail."""
    model: Any = get_user_model()
    has = {field.name for field in model._meta.get_fields()}
    names = dict.fromkeys([model.USERNAME_FIELD, model.get_email_field_name()])
    return [name for name in names if name in has]


def applications_matching(term: str) -> Matches:
    """Return the keys of applications whose name or client id is the term, then of those whose name holds it."""
    exactly = Q(name__iexact=term) | Q(client_id=term)
    return Matches.of(Application.objects.all(), exactly, Q(name__icontains=term))


def tell_if_cut(admin: Any, request: HttpRequest, *found: Matches) -> None:
    """Tell the person if only some of the matches were used."""
    if any(matches.is_cut for matches in found):
        told = gettext(
            "More than %d people or applications match. Only rows of the first ones are listed: type "
            "more of the name."
        )
        admin.message_user(request, told % LIMIT, messages.WARNING)
