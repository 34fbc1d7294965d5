"""What an application's owner has to put right, and where."""

from copy import copy
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ...interface.attention import stored_problems
from ...models import Application
from .forms import BrandForm, OverviewForm
from .permissions_form import PermissionsForm

TABS = (
    ("application", _("Overview"), OverviewForm),
    ("application-permissions", _("Permissions"), PermissionsForm),
    ("application-brand", _("Brand"), BrandForm),
)


class Attention(NamedTuple):
    """A field that needs attention: on which tab, under which label, at which address, and why."""

    tab: str
    label: str
    url: str
    problems: list[str]


def attention(application: Application) -> list[Attention]:
    """Return the fields of the application's tabs that need attention, in the order of the tabs."""
    found = []
    for page, tab, form_class in TABS:
        form = form_class(instance=copy(application))
        address = reverse(f"multinexo_oauth:{page}", args=[application.client_id])
        for name, told in stored_problems(form.instance, form.fields).items():
            label, url = str(form[name].label), f"{address}#{form[name].auto_id}"
            found.append(Attention(str(tab), label, url, told))
    return found
