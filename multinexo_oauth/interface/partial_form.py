"""Forms that hold a part of an application, whose rules are about all of it."""

import json
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext

from ..models import Application
from ..scopes import Scopes, concrete, describe
from .application_fields import ScopeChoiceField
from .wording import labels


class ShownField(forms.CharField):
    """The values that a page shows: when the form is shown again, those of now."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class PartialForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saves only what the person changed, even if other stored values break rules that were added later.

    A form of a stored application carries the values that its page showed. A field that the person left as it was keeps
    what is stored now; one that somebody else has changed since is refused with what it is now.
    """

    instance: Application

    shown = ShownField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A page may propose others.
        self.stored = dict(self.initial)
        if self.instance.pk:
            self.fields["shown"].initial = self._now
        else:
            del self.fields["shown"]

    def _now(self) -> str:
        """Return what is stored now, as a form's page shows it."""
        return json.dumps({name: self._text(name, self.stored.get(name)) for name in self._compared})

    @property
    def _compared(self) -> list[str]:
        """The fields whose values travel with the page; a file says by itself whether it was chosen anew."""
        return [
            name
            for name, field in self.fields.items()
            if name in self.stored and not isinstance(field, forms.FileField)
        ]

    def _text(self, name: str, value: Any) -> Any:
        prepared = self.fields[name].prepare_value(value)
        return prepared if isinstance(prepared, bool | int | str | list | None) else str(prepared)

    @cached_property
    def _shown(self) -> dict[str, Any]:
        """What the page showed; what is stored now, where it does not say so."""
        try:
            shown = json.loads(self.data.get(self.add_prefix("shown"), ""))
        except (ValueError, RecursionError):
            shown = {}
        now = {name: self._text(name, self.stored.get(name)) for name in self._compared}
        told = shown if isinstance(shown, dict) else {}
        known = {name: value for name, value in told.items() if name in now and _is_like(value, now[name])}
        return now | known

    def _differs(self, name: str, before: Any, after: Any) -> bool:
        return bool(self.fields[name].has_changed(before, after))

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields that the person changed, which others may have changed since the page was opened."""
        names = super().changed_data
        if not self.instance.pk:
            return names
        files = [name for name in names if name not in self._shown and name != "shown"]
        typed = [name for name in self._shown if self._differs(name, self._shown[name], self._posted(name))]
        return [*typed, *files]

    def _posted(self, name: str) -> Any:
        field = self.fields[name]
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def _keep_what_others_changed(self, cleaned: dict[str, Any]) -> None:
        for name, shown in self._shown.items() if self.instance.pk else ():
            now = self._text(name, self.stored.get(name))
            if shown == now or name not in cleaned:
                continue
            if name not in self.changed_data:
                cleaned[name] = self.fields[name].clean(now)
                self._show(name, now)
            elif self._differs(name, now, self._posted(name)):
                told = gettext("Someone else, or another tab, changed this meanwhile. It is now: %s")
                self.add_error(name, told % _in_words(self.fields[name], now))

    def _show(self, name: str, now: Any) -> None:
        """Have the form show what is stored now, where it is shown again."""
        data = cast("QueryDict", self.data).copy()
        data.setlist(self.add_prefix(name), now if isinstance(now, list) else [now] if now else [])
        self.data = data

    def add_error(self, field: str | None, error: Any) -> None:
        """Ignore problems of fields that the form does not have: they cannot be corrected here.

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
        """Remove scopes that leave the allow-list from the default and required scopes."""
        cleaned = super().clean() or self.cleaned_data
        cleaned.pop("shown", None)
        self._keep_what_others_changed(cleaned)
        before = self.initial.get("scopes", "")
        if "scopes" in cleaned:
            lost = set(concrete(Scopes(before).names)) - set(concrete(Scopes(cleaned["scopes"]).names))
            for name in cleaned.keys() & {"default_scopes", "required_scopes"}:
                cleaned[name] = Scopes(cleaned[name]).without(lost)
        return cleaned


def _in_words(field: forms.Field, value: Any) -> str:
    """Return a value as people know it: permissions by label, people by name, each line on its own."""
    if isinstance(field, ScopeChoiceField):
        known = [scope.name for scope in describe(value)]
        value = ", ".join(filter(None, [labels(known), *(name for name in value if name not in known)]))
    elif isinstance(field, forms.ModelChoiceField):
        value = field.to_python(value)
    said = str(value or gettext("(empty)"))
    return f"\n{said}" if "\n" in said else said


def _is_like(value: Any, model: Any) -> bool:
    """Tell whether a value that a page sent is of the kind of the one that is stored."""
    if isinstance(model, list):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, bool | int | str | None) and not isinstance(model, list)
