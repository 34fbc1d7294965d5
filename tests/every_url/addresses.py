"""Every address of the app and every name that it reads, found by looking: what is new is found by itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

from django.forms import BaseForm
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

import multinexo_oauth

APP = multinexo_oauth.__name__
PACKAGE = Path(multinexo_oauth.__file__).parent
ALTERNATIVES = re.compile(r"\(\?:([^()]*\|[^()]*)\)")
READS = re.compile(r'(?:params|GET|POST|data)(?:\.get(?:list)?\(|\[)"(\w+)"')
# What oauthlib reads for us, or reads in a grant that the server does not offer.
READ_BY_OAUTHLIB = {"code", "code_verifier", "refresh_token", "scope", "username", "password", "assertion"}


@dataclass(frozen=True)
class Address:
    """A path with its parameters as in a format string: `/auth/v1/mis-aplicaciones/%(client_id)s/`."""

    path: str
    names: tuple[str, ...] = ()

    def filled(self, values: Mapping[str, str]) -> str:
        return self.path % {name: values.get(name, "1") for name in self.names}

    def __str__(self) -> str:
        return self.path


def addresses() -> list[Address]:
    return list(dict.fromkeys(_walk(get_resolver(), Address("/"))))


def _walk(resolver: URLResolver, base: Address) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        for address in _below(base, entry):
            if isinstance(entry, URLResolver):
                yield from _walk(entry, address)
            elif _is_ours(entry):
                yield address


def _below(base: Address, entry: URLPattern | URLResolver) -> Iterator[Address]:
    """Yield the address that a pattern stands for: several where parts of it are optional or alternatives."""
    for regex in _without_alternatives(entry.pattern.regex.pattern):
        for path, names in normalize(regex):
            yield Address(base.path + path, (*base.names, *names))


def _next(left: Iterator[str], _found: re.Match[str]) -> str:
    return next(left)


def _without_alternatives(regex: str) -> Iterator[str]:
    """Django's own reader of regular expressions takes none."""
    choices = [found.split("|") for found in ALTERNATIVES.findall(regex)]
    for chosen in product(*choices):
        left = iter(chosen)
        yield ALTERNATIVES.sub(partial(_next, left), regex)


def _is_ours(entry: URLPattern) -> bool:
    view = getattr(entry.callback, "view_class", entry.callback)
    # The admin's own pages are Django's, and staff's alone.
    return view.__module__.startswith(f"{APP}.") and not view.__module__.startswith(f"{APP}.admin")


def parameter_names() -> list[str]:
    """Return the names that views and forms of the app read from a query or a form."""
    read = {
        name for path in PACKAGE.rglob("*.py") for name in READS.findall(path.read_text(encoding="utf-8"))
    }
    return sorted(read | READ_BY_OAUTHLIB | set(_fields_of(BaseForm)))


def _fields_of(form: type[BaseForm]) -> Iterator[str]:
    for subclass in form.__subclasses__():
        if subclass.__module__.startswith(APP):
            yield from getattr(subclass, "base_fields", ())
        yield from _fields_of(subclass)
