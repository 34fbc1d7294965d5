"""Forms that hold a part of an application, whose rules are about all of it."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from .models import Application
from .scopes import following


class PartialForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saves what it holds, whatever the rules have since come to hold against what is stored beside it."""

    instance: Application

    def add_error(self, field: str | None, error: Any) -> None:
        """Put aside problems of fields that the form lacks: nobody could put them right here.

        A new application has nothing stored, and is not saved with any.
        """
        if field is None and hasattr(error, "error_dict"):
            known = {*self.fields, NON_FIELD_ERRORS}
            problems = {name: found for name, found in error.error_dict.items() if name in known}
            if self.instance._state.adding and (others := error.error_dict.keys() - known):
                mine = problems.get(NON_FIELD_ERRORS, [])
                problems[NON_FIELD_ERRORS] = sum((error.error_dict[name] for name in sorted(others)), mine)
            error = ValidationError(problems)
        super().add_error(field, error)

    def clean(self) -> dict[str, Any]:
        """Take what leaves the allow-list from the lists that are of it."""
        cleaned = super().clean() or self.cleaned_data
        before = self.initial.get("scopes", "")
        if "scopes" in cleaned:
            for name in cleaned.keys() & {"default_scopes", "required_scopes"}:
                cleaned[name] = following(cleaned[name], before, cleaned["scopes"])
        return cleaned
