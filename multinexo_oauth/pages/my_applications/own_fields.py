"""A site's own fields of an application, as the form that APPLICATION_FORM names edits them."""

from typing import Any

from django.forms import ModelForm

from ...conf import conf
from ...models import Application
from .owner_form import OwnerForm

PREFIX = "own"


class OwnFieldsMixin(OwnerForm):
    """Holds the site's form beside the application's own fields, valid and saved together with them.

    `own` is that form, or None where the site has none. Its model has a one-to-one field `application`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_class = conf.application_form
        self.own: ModelForm[Any] | None = None
        if form_class is not None:
            data = (self.data, self.files) if self.is_bound else ()
            self.own = form_class(*data, instance=_stored(form_class, self.instance), prefix=PREFIX)

    def is_valid(self) -> bool:
        # Both are asked, so that a page shows what is wrong with either.
        own_is_valid = self.own is None or self.own.is_valid()
        return super().is_valid() and own_is_valid

    def has_changed(self) -> bool:
        return super().has_changed() or (self.own is not None and self.own.has_changed())

    @property
    def changed_names(self) -> list[str]:
        """The names of what was changed, of the site's fields too."""
        return [*self.changed_data, *(self.own.changed_data if self.own else ())]

    def save(self, commit: bool = True) -> Application:
        application = super().save(commit)
        if self.own is not None:
            self.own.instance.application = application
            self.own.save()
        return application


def _stored(form_class: Any, application: Application) -> Any:
    """Return the application's row of the site's model, or a new one."""
    model = form_class._meta.model
    found = model._default_manager.filter(application=application).first() if application.pk else None
    return found or model()
