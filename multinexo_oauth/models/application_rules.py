"""The rules that an application must satisfy: those of its kind, and existing scopes."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext

from .. import redirect_uris
from ..scopes import Scopes, known
from .kind import Kind


def broken_rules(application: Any) -> Mapping[str, list[str]]:
    """Return everything that is wrong with an application, by field; empty when it is fine."""
    found = {
        "redirect_uris": _redirect_uri_problems(application),
        "post_logout_redirect_uris": _post_logout_redirect_uri_problems(application),
        "allowed_origins": _origin_problems(application),
        "scopes": _unknown_scopes(application),
        "default_scopes": _beyond_allow_list(application, application.default_scopes.names),
        "required_scopes": _beyond_allow_list(application, application.required_scopes.names),
    }
    return {field: problems for field, problems in found.items() if problems}


def _redirect_uri_problems(application: Any) -> list[str]:
    registered = application.redirect_uris.split()
    if application.kind not in Kind.values:
        return []
    if not application.kind.has_redirect_uris:
        return [gettext("This kind of application does not use redirect URIs.")] if registered else []
    if not registered:
        return [gettext("Enter at least one redirect URI.")]
    return _problems_of(registered, application.redirect_uri_problems)


def _post_logout_redirect_uri_problems(application: Any) -> list[str]:
    registered = application.post_logout_redirect_uris.split()
    if application.kind not in Kind.values or not registered:
        return []
    if not application.kind.has_redirect_uris:
        return [gettext("This kind of application does not use redirect URIs.")]
    return _problems_of(registered, application.redirect_uri_problems)


def _origin_problems(application: Any) -> list[str]:
    origins = application.allowed_origins.split()
    if application.kind not in Kind.values:
        return []
    if not application.kind.has_origins:
        return [gettext("This kind of application does not use allowed origins.")] if origins else []
    return _problems_of(origins, redirect_uris.origin_problems)


def _unknown_scopes(application: Any) -> list[str]:
    """Return problems of new names only: a stored name that left the catalogue may come back."""
    unknown = application.scopes.gone
    stored = _stored_scopes(application) if unknown and application.pk else []
    return [gettext("There is no permission “%s”.") % name for name in unknown if name not in stored]


def _stored_scopes(application: Any) -> list[str]:
    stored = (
        type(application)._base_manager.filter(pk=application.pk).values_list("scopes", flat=True).first()
    )
    return Scopes(stored or "").names


def _beyond_allow_list(application: Any, names: list[str]) -> list[str]:
    allowed = application.scope_names
    return [
        gettext("“%s” is not one of the allowed permissions.") % name
        for name in known(names)
        if name not in allowed
    ]


def _problems_of(addresses: list[str], problems: Callable[[str], list[str]]) -> list[str]:
    """Return every problem, under its address where there are several."""
    if len(addresses) == 1:
        return problems(addresses[0])
    found = {address: problems(address) for address in addresses}
    return [f"{address}:\n{' '.join(its)}" for address, its in found.items() if its]
