"""Descriptors for the keys of `MULTINEXO_OAUTH`: each knows its default, the values it takes and what it means."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, Self, TypeVar, overload

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.module_loading import import_string

T = TypeVar("T")


class Setting(Generic[T]):
    """One key of the setting, read on each access so that `override_settings` works.

    `meaning` is one sentence for the documentation, `see` the heading there that says more, and `written_default` what
    the documentation says of a default that is long. `check` is the system check that reports a wrong value.
    """

    value_type = ""
    wanted = ""
    name = ""

    def __init__(
        self, default: Any, meaning: str, *, see: str = "", written_default: str = "", check: str = "E018"
    ) -> None:
        self.default = default
        self.meaning = meaning
        self.see = see
        self.written_default = written_default or f"`{default!r}`".replace("'", '"')
        self.check = check

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.upper()

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        if instance is None:
            return self
        return self.read(getattr(settings, "MULTINEXO_OAUTH", {}).get(self.name, self.default))

    def read(self, value: Any) -> T:
        """Return the value as the app uses it."""
        found: T = value
        return found

    def takes(self, value: Any) -> bool:
        """Tell whether a site may write the value."""
        return True

    def shown(self, value: Any) -> str:
        """Return a wrong value as an error message may repeat it."""
        return repr(value)


class Text(Setting[str]):
    value_type = "text"

    def read(self, value: Any) -> str:
        return str(value)


class OptionalText(Setting[str | None]):
    value_type = "text or `None`"


class URL(OptionalText):
    """A URL, read without a trailing slash."""

    value_type = "URL"

    def read(self, value: Any) -> str | None:
        return value.rstrip("/") if value else None


class Boolean(Setting[bool]):
    value_type, wanted = "boolean", "True or False"

    def read(self, value: Any) -> bool:
        return bool(value)

    def takes(self, value: Any) -> bool:
        return isinstance(value, bool)


class Number(Setting[int]):
    """A whole number of units that is not below a minimum."""

    def __init__(
        self, default: Any, meaning: str, *, unit: str = "", minimum: int = 1, see: str = ""
    ) -> None:
        super().__init__(default, meaning, see=see)
        self.minimum = minimum
        self.value_type = f"whole number, {unit}" if unit else "whole number"
        self.wanted = f"a whole number from {minimum} on"

    def takes(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value >= self.minimum


class OptionalNumber(Setting[int | None]):
    """The same, or None for no limit."""

    def __init__(self, default: Any, meaning: str, *, unit: str, see: str = "") -> None:
        super().__init__(default, meaning, see=see)
        self.number = Number(default, meaning, unit=unit)
        self.value_type = f"{self.number.value_type}, or `None`"
        self.wanted = f"{self.number.wanted}, or None"

    def takes(self, value: Any) -> bool:
        return value is None or self.number.takes(value)


class Texts(Setting[tuple[str, ...]]):
    """A list of texts of some kind, such as "scope names"."""

    wanted = "a list"

    def __init__(
        self, default: Any, meaning: str, *, of: str, see: str = "", written_default: str = ""
    ) -> None:
        super().__init__(default, meaning, see=see, written_default=written_default)
        self.value_type = f"list of {of}"

    def read(self, value: Any) -> tuple[str, ...]:
        return tuple(value or ())

    def takes(self, value: Any) -> bool:
        return isinstance(value, list | tuple | set | frozenset)

    def shown(self, value: Any) -> str:
        return f"of type {type(value).__name__}"  # the value may be a private key


class Choice(Setting[T]):
    """One of a few values."""

    def __init__(
        self, default: T, meaning: str, *, choices: tuple[T, ...], see: str = "", check: str = "E018"
    ) -> None:
        super().__init__(default, meaning, see=see, check=check)
        self.choices = choices
        written = [repr(choice).replace("'", '"') for choice in choices]
        self.wanted = f"{', '.join(written[:-1])} or {written[-1]}"
        self.value_type = f"{', '.join(f'`{text}`' for text in written[:-1])} or `{written[-1]}`"

    def takes(self, value: Any) -> bool:
        return any(value is choice or value == choice for choice in self.choices)


class Entries(Setting[Mapping[str, Mapping[str, Any]]]):
    value_type = "dictionary"


class Rates(Setting[Mapping[str, str | None]]):
    """The site's rates over the default ones; None for one is no limit, and in place of them all, none at all."""

    value_type = "dictionary or `None`"

    def read(self, value: Any) -> Mapping[str, str | None]:
        return dict.fromkeys(self.default) if value is None else {**self.default, **value}


class Function(Setting[Callable[..., Any] | None]):
    """The dotted path of a function, or None."""

    value_type, wanted = "dotted path or `None`", 'the dotted path of a function, such as "mysite.claims.add"'

    def read(self, value: Any) -> Callable[..., Any] | None:
        return import_string(value) if value else None

    def takes(self, value: Any) -> bool:
        return value is None or is_function(value)


class DottedClass(Text):
    """The dotted path of a class."""

    value_type, wanted = "dotted path", 'the dotted path of a class, such as "mysite.policy.SitePolicy"'

    def takes(self, value: Any) -> bool:
        return isinstance(value, str) and is_function(value)


class OptionalClass(Setting[Any]):
    """The dotted path of a class, or None."""

    value_type, wanted = (
        "dotted path or `None`",
        'the dotted path of a class, such as "mysite.forms.PartnerForm"',
    )

    def read(self, value: Any) -> Any:
        return import_string(value) if value else None

    def takes(self, value: Any) -> bool:
        return value is None or is_function(value)


class FactOfPeople(Setting[bool | Callable[[Any], Any] | None]):
    """What is known of people: of all of them, by a field of the user model, or by a function."""

    value_type = "`True`, field name, dotted path or `None`"
    wanted = "True, the name of a field of the user model, or the dotted path of a function"

    def read(self, value: Any) -> bool | Callable[[Any], Any] | None:
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        return import_string(value) if "." in value else _field(value)

    def takes(self, value: Any) -> bool:
        if not isinstance(value, str):
            return value is None or isinstance(value, bool)
        return is_function(value) if "." in value else hasattr(get_user_model(), value)


def is_function(path: Any) -> bool:
    """Tell whether something callable can be imported from a dotted path."""
    try:
        return callable(import_string(path))
    except (ImportError, TypeError, AttributeError):
        return False


def _field(name: str) -> Callable[[Any], Any]:
    def read(user: Any) -> Any:
        value = getattr(user, name, None)
        return value() if callable(value) else value

    return read
