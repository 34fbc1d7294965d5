"""Which permissions an application may ask for, needs and gets by default, as its owner chooses them."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, gettext_lazy as _

from ...conf import conf
from ...interface.application_fields import LABELS
from ...models import Application
from ...policy import policy
from ...scopes import ANY, catalogue, expand, is_wildcard
from ...server.openid.claims import OF_SCOPE
from .fields import ScopeBoxesField
from .owner_form import OwnerForm

# Scopes that tell who the person is: a service has none.
WHO_THE_PERSON_IS = frozenset({"openid", *OF_SCOPE})


def for_staff_to_give() -> frozenset[str]:
    """Return the scopes that owners cannot change: those of tokens that register clients."""
    if conf.dynamic_registration != "token":
        return frozenset()
    return frozenset(name for name in catalogue() if conf.registration_token_scope in expand([name]))


class PermissionsForm(OwnerForm):
    scopes = ScopeBoxesField(
        label=LABELS["scopes"],
        help_text=_(
            "Choose only what the application needs. People read these descriptions and may refuse "
            "the permissions that are not required."
        ),
    )
    required_scopes = ScopeBoxesField(
        label=LABELS["required_scopes"],
        help_text=_(
            "The application needs them: people cannot clear them one by one, and anyone who refuses "
            "one refuses access."
        ),
    )
    default_scopes = ScopeBoxesField(
        label=LABELS["default_scopes"],
        help_text=_("Granted when a request names no permission."),
    )

    class Meta:
        model = Application
        fields = ["scopes", "required_scopes", "default_scopes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wildcards, reserved = self.instance.scope_wildcards, for_staff_to_give()
        given = [name for name in self.instance.scopes.names if name in {*wildcards, *reserved}]
        has_people = self.instance.kind.has_people
        nobodys = frozenset() if has_people else WHO_THE_PERSON_IS
        hidden = (reserved | nobodys).difference(self.instance.scope_names)
        for name, field in self._lists().items():
            if name != "scopes" and not self.instance._state.adding:
                field.offered = lambda: self.instance.scope_names
            field.choices = [choice for choice in field.catalogue_choices() if choice[0] not in hidden]
            field.keep(getattr(self.instance, name).gone)
        scopes = self._lists()["scopes"]
        scopes.keep(given)
        scopes.offer_still(name for name in self.instance.scopes.gone if not is_wildcard(name))
        if not has_people:
            scopes.label = gettext("Permissions that the application may use")
            scopes.help_text = gettext(
                "Choose only what the application needs. It acts for your own account: “your” below "
                "means yours, and nobody is asked for consent."
            )
        if wildcards:
            scopes.help_text = format_html(
                "<p>{}</p><p>{}</p>", scopes.help_text, allowed_by_wildcard(wildcards)
            )

    def _lists(self) -> dict[str, ScopeBoxesField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, ScopeBoxesField)}


def allowed_by_wildcard(wildcards: list[str]) -> str:
    """Describe in HTML which present and future scopes a wildcard allows."""
    beginnings = format_html_join(", ", "<code>{}</code>", ([name.removesuffix(ANY)] for name in wildcards))
    return format_html(
        gettext("{site} allows it every permission that begins with {beginnings}, also those added later."),
        site=policy().brand_name(),
        beginnings=beginnings,
    )
