"""Fields that convert texts into values. In migrations they are plain text columns."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from ..scopes import Scopes
from .kind import Kind

if TYPE_CHECKING:
    ScopesColumn = models.TextField[str, Scopes]
    KindColumn = models.CharField[str, Kind]
else:
    ScopesColumn, KindColumn = models.TextField, models.CharField


class Converted(DeferredAttribute):
    """An attribute that its field converts when it is set, whatever it is set from."""

    field: Any

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.converted(value)


class ScopesField(ScopesColumn):
    """A list of scope names. The attribute is a `Scopes`."""

    descriptor_class = Converted

    def converted(self, value: Any) -> Any:
        return Scopes(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class KindField(KindColumn):
    """A kind of application. The attribute is a `Kind`, or the text as it is where there is no such kind."""

    descriptor_class = Converted

    def converted(self, value: Any) -> Any:
        return Kind(value) if value in Kind.values else value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
