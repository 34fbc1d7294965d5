"""The fields of an application's form, as far as its owner's pages and the admin share them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _

from ..conf import conf
from ..models import Application, Kind
from ..redirect_uris import origin_of, problems
from ..scopes import Scopes
from .once import reserve, reserved

# The trait that a kind of application needs to have the field; every kind has the others.
TRAITS: Mapping[str, str] = {
    "redirect_uris": "has_redirect_uris",
    "post_logout_redirect_uris": "has_redirect_uris",
    "allowed_origins": "has_origins",
    "required_scopes": "has_people",
    "resource_server": "has_secret",
    "pkce_waived": "may_waive_pkce",
    "skip_authorization": "has_redirect_uris",
}
LABELS: Mapping[str, Any] = {
    "redirect_uris": _("Redirect URIs"),
    "post_logout_redirect_uris": _("Redirect URIs after signing out"),
    "allowed_origins": _("Allowed origins"),
    "scopes": _("Allowed permissions"),
    "required_scopes": _("Required permissions"),
    "default_scopes": _("Default permissions"),
}


def label(name: str) -> str:
    """Return what a field of an application is called; its own name where there is no such field any more."""
    if conf.application_form and name in conf.application_form.base_fields:
        return str(conf.application_form.base_fields[name].label)
    if name in LABELS:
        return str(LABELS[name])
    verbose_names = {field.name: field.verbose_name for field in Application._meta.fields}
    return capfirst(str(verbose_names[name])) if name in verbose_names else name


def lacking(kind: Kind) -> list[str]:
    """Return the fields that a kind does not have; saving empties them."""
    return [name for name, trait in TRAITS.items() if not getattr(kind, trait)]


class LinesField(forms.CharField):
    """Values separated by spaces or lines, shown one per line, each kept once."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value.split()) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return "\n".join(dict.fromkeys(str(super().to_python(value)).split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class ScopeChoiceField(forms.MultipleChoiceField):
    """Permissions as checkboxes; the value is a list of scopes, as the model keeps it."""

    def prepare_value(self, value: Any) -> Any:
        return Scopes(value).names if isinstance(value, str) else value

    def clean(self, value: Any) -> Scopes:
        return Scopes.of(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class NamedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that may hold an application's name, which is kept with single spaces."""

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class OnceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that registers one application however often it is sent, by a client id that it reserves when shown."""

    submission = forms.CharField(widget=forms.HiddenInput, required=False)
    # Whether a form that reserved nothing is refused.
    must_reserve = False

    @property
    def registrant(self) -> Any:
        """The person who fills the form in."""
        raise NotImplementedError

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = reserve(self.registrant)

    def clean_submission(self) -> str:
        submission: str = self.cleaned_data["submission"]
        if submission or self.must_reserve:
            client_id = reserved(submission, self.registrant)
            if client_id is None:
                # Not on the field, which nobody sees.
                self.add_error(None, gettext("This form is out of date. Open it again."))
            else:
                self.instance.client_id = client_id
        return submission


def origins_of(uris: str, kind: str) -> str:
    """Return the origins of those redirect URIs that the kind may register, one per line."""
    good = [uri for uri in uris.split() if not problems(uri, kind)]
    return "\n".join(dict.fromkeys(filter(None, map(origin_of, good))))
