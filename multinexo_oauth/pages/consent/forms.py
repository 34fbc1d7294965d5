from collections.abc import Collection
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .permissions import Asked


class ConsentForm(forms.Form):
    """What a person sends back: the signed request, the permissions left ticked and the decision."""

    request = forms.CharField(widget=forms.HiddenInput)
    scopes = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("This permission was not requested.")},
    )
    decision = forms.ChoiceField(choices=[("allow", _("Authorize")), ("deny", _("Cancel"))])

    # The place of the product whose permissions the person ticked or cleared at once, and looks at.
    opened: int | None = None

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["scopes"].choices = [(name, name) for name in asked.new]  # type: ignore[attr-defined]

    @property
    def denied(self) -> bool:
        return self.data.get("decision") == "deny"

    @property
    def ticked(self) -> list[str]:
        """The permissions with a tick: all that are new on a fresh page, and what the person left on a posted one."""
        if self.is_bound:
            return self["scopes"].value() or []
        return list(self.initial.get("scopes", self.asked.new))

    @classmethod
    def ticking(cls, data: QueryDict, asked: Asked, signed: str) -> "ConsentForm":
        """Return the form with the permissions of a product, or all, ticked or cleared: without JavaScript's help."""
        wish, _space, place = str(data["tick"]).partition(" ")
        names: dict[str, Collection[str]] = {"": asked.new}
        for number, (_product, permissions) in enumerate(asked.groups(asked.new, ()), 1):
            names[str(number)] = [permission.name for permission in permissions]
        ticked = set(asked.new).intersection(data.getlist("scopes"))
        if wish == "all":
            ticked = ticked.union(names.get(place, ()))
        elif wish == "none":
            ticked = ticked.difference(names.get(place, ()))
        form = cls(asked=asked, initial={"request": signed, "scopes": list(ticked)})
        form.opened = int(place) if place and place in names else None
        return form

    @property
    def granted_scopes(self) -> list[str]:
        """The scopes granted: of those displayed, the ticked and the ones granted before."""
        return [
            *self.asked.granted,
            *(name for name in self.asked.new if name in self.cleaned_data["scopes"]),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "scopes" in cleaned:
            self._check(set(self.granted_scopes))
        return cleaned

    def _check(self, granted: set[str]) -> None:
        if not granted:
            self.add_error("scopes", _("Select at least one permission, or cancel."))
        elif not self.asked.required.intersection(self.asked.new) <= granted:
            # The page sends what it says is required: the application has come to require what the person cleared.
            self.add_error("scopes", _("Required by this application; to refuse it, cancel."))
