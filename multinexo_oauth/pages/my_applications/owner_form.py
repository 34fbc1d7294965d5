from typing import Any

from ...interface.application_fields import NamedForm, lacking
from ...interface.partial_form import PartialForm
from ...models import Application
from ...models.application import VOUCHED_FOR

# Fields whose help tells what people see or decide: nobody is asked about a service.
ABOUT_PEOPLE = {"name", "support_email", "privacy_url", "terms_url"}


class OwnerForm(NamedForm, PartialForm):
    """A part of an application, as far as its kind has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        self.lacking = [name for name in lacking(kind) if name in self.fields]
        for name in self.lacking:
            del self.fields[name]
            setattr(self.instance, name, getattr(Application(), name))
        if not kind.has_people:
            for name in self.fields.keys() & ABOUT_PEOPLE:
                self.fields[name].help_text = ""

    @property
    def changed_names(self) -> list[str]:
        """The names of what was changed, for the event that records it."""
        return self.changed_data

    @property
    def changes_what_is_vouched_for(self) -> bool:
        return not VOUCHED_FOR.isdisjoint(self.changed_data)

    @property
    def ends_verification(self) -> bool:
        """Whether saving changes something that staff vouched for."""
        return self.instance.verified and self.changes_what_is_vouched_for

    def save(self, commit: bool = True) -> Application:
        """Save what the form holds and nothing else: staff may suspend or verify the application meanwhile."""
        if self.instance._state.adding:
            super().save(commit)
            return self.instance
        columns = [*(self.fields.keys() - {"shown"}), *self.lacking, "updated"]
        if self.changes_what_is_vouched_for:
            # Also of one that was not verified when it was read: staff may be at it, and has not seen the change.
            self.instance.verified = False
            columns.append("verified")
        self.instance.save(update_fields=columns)
        return self.instance
