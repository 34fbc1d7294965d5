"""What staff fills in for an application. The rules of each kind are the model's, in `Application.clean`."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext, gettext_lazy as _

from ..interface.application_fields import (
    LABELS,
    TRAITS,
    LinesField,
    NamedForm,
    OnceForm,
    ScopeChoiceField,
    lacking,
    origins_of,
)
from ..interface.partial_form import PartialForm
from ..models import Application, Kind
from ..scopes import by_product, catalogue, concrete, wildcards


class AdminScopesField(ScopeChoiceField):
    """Checkboxes over the whole catalogue."""

    # The admin's style sheet knows a list of choices by this class.
    widget = forms.CheckboxSelectMultiple(attrs={"class": "radiolist"})

    def __init__(self, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(choices=choices or scope_choices, required=False, **kwargs)

    def offer_still(self, names: list[str]) -> None:
        """Offer stored names that the catalogue no longer has, so that they can be kept or removed."""
        if names:
            former = (gettext("No longer offered"), [(name, name) for name in names])
            self.choices = [*self.choices, former]  # type: ignore[misc]


def scope_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (product, [(scope.name, f"{scope.label} · {scope.name}") for scope in scopes])
        for product, scopes in by_product(catalogue())
    ]


def allow_list_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every scope, and every wildcard with what it stands for now."""
    covered = {wildcard: by_product(concrete([wildcard])) for wildcard in wildcards()}
    described = [
        (wildcard, f"{' · '.join(str(product) for product, _scopes in groups)} · {wildcard}")
        for wildcard, groups in covered.items()
    ]
    return [*scope_choices(), (gettext("All permissions of an area, including future ones"), described)]


class AdminLinesField(LinesField):
    widget = AdminTextareaWidget(attrs={"rows": 4})


class ApplicationForm(NamedForm, PartialForm):
    """The fields that one kind of application has; the admin's fieldsets choose them."""

    kind: Kind

    redirect_uris = AdminLinesField(
        label=LABELS["redirect_uris"], required=False, help_text=_("One per line.")
    )
    post_logout_redirect_uris = AdminLinesField(
        label=LABELS["post_logout_redirect_uris"], required=False, help_text=_("One per line.")
    )
    allowed_origins = AdminLinesField(
        label=LABELS["allowed_origins"],
        required=False,
        help_text=_("One per line. Leave it empty to allow the origins of the redirect URIs."),
    )
    scopes = AdminScopesField(allow_list_choices, label=LABELS["scopes"])
    default_scopes = AdminScopesField(label=_("Default permissions"))
    required_scopes = AdminScopesField(label=_("Required permissions"))

    class Meta:
        model = Application
        fields: list[str] = []
        widgets = {"description": AdminTextareaWidget(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = self.kind
        for name, field in self.fields.items():
            if isinstance(field, AdminScopesField):
                field.offer_still(getattr(self.instance, name).gone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "allowed_origins" in self.fields and not cleaned.get("allowed_origins"):
            cleaned["allowed_origins"] = origins_of(cleaned.get("redirect_uris", ""), self.kind)
        blank = Application()
        for name in lacking(self.kind):
            setattr(self.instance, name, getattr(blank, name))
        return cleaned


class NewAdminApplicationForm(OnceForm, ApplicationForm):
    must_reserve = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An owner may leave later; nobody registers an application for no one.
        if "user" in self.fields:
            self.fields["user"].required = True


def form_for(kind: Kind, adding: bool, staff: Any, without: Collection[str] = ()) -> type[ApplicationForm]:
    """Return the form of one kind, without the fields that it does not have and those that are only shown."""
    base = NewAdminApplicationForm if adding else ApplicationForm
    return type(
        base.__name__,
        (base,),
        {"kind": kind, "registrant": staff, **dict.fromkeys([*lacking(kind), *without])},
    )


def fieldsets(kind: Kind, adding: bool) -> list[tuple[Any, dict[str, Any]]]:
    """Return the form's fields in groups; registering asks for what the application cannot work without."""
    has = {name for name, trait in TRAITS.items() if getattr(kind, trait)}
    addresses = [
        name for name in ("redirect_uris", "post_logout_redirect_uris", "allowed_origins") if name in has
    ]
    scopes = [name for name in ("default_scopes", "required_scopes") if name in has or name not in TRAITS]
    contact = ["homepage_url", "support_email", *(["privacy_url", "terms_url"] if kind.has_people else [])]
    first = ["submission" if adding else "shown"]
    resource_server = [(_("Introspection"), {"fields": ["resource_server"], "classes": ["collapse"]})]
    consent = [(_("Consent"), {"fields": ["skip_authorization"], "classes": ["collapse"]})]
    pkce = [(_("Credentials"), {"fields": ["pkce_waived"], "classes": ["collapse"]})]
    return [
        (None, {"fields": ["kind", "name", "user", "description", *addresses, *first]}),
        (_("Permissions"), {"fields": ["scopes"]}),
        (_("Permissions in particular cases"), {"fields": scopes, "classes": ["collapse"]}),
        (_("Contact"), {"fields": contact, "classes": ["collapse"]}),
        *(consent if "skip_authorization" in has else []),
        *(pkce if "pkce_waived" in has else []),
        *(resource_server if "resource_server" in has else []),
    ]
