"""Metadata of self-registered clients (RFC 7591 section 2), checked against the rules of each kind."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import override

from ... import redirect_uris
from ...conf import conf
from ...models import Application, Kind
from ...models.kind import DEVICE_CODE
from ...scopes import Scopes, concrete, known
from .members import InvalidClientMetadata, InvalidRedirectURI, Members

MAX_REDIRECT_URIS = 20
SECRET_METHODS = frozenset({"client_secret_basic", "client_secret_post"})
AUTHENTICATION_METHODS = SECRET_METHODS | {"none"}
# Installed and browser clients can become one another: neither has a secret.
INTERCHANGEABLE = frozenset({Kind.SPA, Kind.NATIVE})
ADDRESSES = {"client_uri": "homepage_url", "policy_uri": "privacy_url", "tos_uri": "terms_url"}
# The metadata's word for what a problem of the application is about.
_NAMES = {column: name for name, column in ADDRESSES.items()} | {"name": "client_name"}


def apply_metadata(metadata: Mapping[str, Any], client: Application) -> None:
    """Set on an application what the metadata says, all of it: what is left out is emptied (RFC 7592 section 2.2).

    What the site does not offer is left out too; the client reads in `described_metadata` what it got (RFC 7591 section
    3.2.1). Raises InvalidRedirectURI or InvalidClientMetadata.
    """
    said = Members(metadata)
    uris = said.uris("redirect_uris")
    kind = _kind(said, uris)
    _check_change(client, kind)
    client.kind = kind
    uris = _usable(uris, client)
    client.redirect_uris = " ".join(uris)
    client.post_logout_redirect_uris = " ".join(_after_logout(said, client))
    client.allowed_origins = " ".join(_origins(uris)) if kind.has_origins else ""
    client.name = " ".join(said.text("client_name").split()) or _name_of(client)
    client.support_email = _email(said.texts("contacts"))
    client.scopes = Scopes.of(_scopes(said, client))
    client.default_scopes = Scopes.of(concrete(client.scopes.names))
    client.token_endpoint_auth_method = _secret_method(said) if kind.has_secret else ""
    for name, column in ADDRESSES.items():
        setattr(client, column, said.url(name))
    _clean(client)


def described_metadata(client: Application) -> dict[str, Any]:
    """Return a client's metadata as it is registered, without what is empty."""
    kind = client.kind
    method = (client.token_endpoint_auth_method or "client_secret_basic") if kind.has_secret else "none"
    addresses = {name: getattr(client, column) for name, column in ADDRESSES.items()}
    told = {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created.timestamp()),
        "client_name": client.name,
        "application_type": "native" if kind in {Kind.NATIVE, Kind.DEVICE} else "web",
        "redirect_uris": client.redirect_uris.split(),
        "post_logout_redirect_uris": client.post_logout_redirect_uris.split(),
        "grant_types": sorted(kind.grant_types),
        "token_endpoint_auth_method": method,
        "scope": Scopes.of(client.scopes.known),
        "contacts": [client.support_email] if client.support_email else [],
        **addresses,
    }
    response_types = ["code"] if kind.has_redirect_uris else []
    return {name: value for name, value in told.items() if value} | {"response_types": response_types}


def _kind(said: Members, uris: list[str]) -> Kind:
    """Return the kind whose rules the client follows. Raises InvalidClientMetadata."""
    method, application_type = said.text("token_endpoint_auth_method"), said.text("application_type")
    if method and method not in AUTHENTICATION_METHODS:
        raise InvalidClientMetadata(
            description=f"token_endpoint_auth_method is one of {', '.join(sorted(AUTHENTICATION_METHODS))}."
        )
    if application_type not in {"", "web", "native"}:
        raise InvalidClientMetadata(description="application_type is web or native.")
    grant_types = said.texts("grant_types") or ["authorization_code"]
    if "authorization_code" in grant_types:
        if "code" not in (said.texts("response_types") or ["code"]):
            raise InvalidClientMetadata(description="response_types holds code.")
        # RFC 8252 section 8.5: installed programs cannot keep a secret, and get one only if they ask for it.
        installed = application_type == "native" or any(map(redirect_uris.is_private_use, uris))
        if method in SECRET_METHODS or not (method or installed):
            return Kind.WEB
        return Kind.NATIVE if installed else Kind.SPA
    if DEVICE_CODE not in grant_types:
        raise InvalidClientMetadata(description=f"grant_types holds authorization_code or {DEVICE_CODE}.")
    if method in SECRET_METHODS:
        raise InvalidClientMetadata(description="A device has token_endpoint_auth_method none.")
    return Kind.DEVICE


def _check_change(client: Application, kind: Kind) -> None:
    if client.pk and client.kind != kind and not INTERCHANGEABLE.issuperset({client.kind, kind}):
        raise InvalidClientMetadata(
            description="A client does not come to another kind of credentials: register a new one."
        )


def _usable(uris: list[str], client: Application) -> list[str]:
    """Return the URIs that the client may have; programs register some for each server that they were written for.

    Raises InvalidRedirectURI with the first problem where none is left and the kind needs one.
    """
    if len(uris) > MAX_REDIRECT_URIS:
        raise InvalidRedirectURI(description=f"At most {MAX_REDIRECT_URIS} redirect_uris.")
    if not client.kind.has_redirect_uris:
        return []
    usable = [uri for uri in uris if not client.redirect_uri_problems(uri)]
    if not usable:
        raise InvalidRedirectURI(description=_problem(uris, client))
    return usable


def _after_logout(said: Members, client: Application) -> list[str]:
    """Return where people who sign out may go on to (RP-Initiated Logout section 3.1). Raises InvalidClientMetadata."""
    name = "post_logout_redirect_uris"
    uris = said.uris(name) if client.kind.has_redirect_uris else []
    if len(uris) > MAX_REDIRECT_URIS:
        raise InvalidClientMetadata(description=f"{name}: at most {MAX_REDIRECT_URIS}.")
    return [uri for uri in uris if not client.redirect_uri_problems(uri)]


def _problem(uris: list[str], client: Application) -> str:
    if not uris:
        return "This kind of client needs at least one of its redirect_uris."
    with override("en"):
        return _ascii(f"{uris[0]}: {client.redirect_uri_problems(uris[0])[0]}")


def _origins(uris: list[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(redirect_uris.origin_of, uris))))


def _name_of(client: Application) -> str:
    """Return what people see of a client without a name (RFC 7591 section 2: the client id will do)."""
    uris: list[str] = client.redirect_uris.split()
    return (redirect_uris.shown_host(uris[0]) if uris else client.client_id)[:80]


def _email(contacts: list[str]) -> str:
    """Return the first contact that is an e-mail address; there may be others (RFC 7591 section 2)."""
    for contact in contacts:
        try:
            validate_email(contact)
        except ValidationError:
            continue
        return contact
    return ""


def _scopes(said: Members, client: Application) -> list[str]:
    """Return the scopes asked for that such clients may have; all of those where none is asked for.

    Staff decides the scopes of a verified client: it may drop some, but not add any.
    """
    asked = concrete(Scopes(said.text("scope")).names)
    if client.pk and client.verified:
        return _left(client, asked) or client.scopes.names
    offered = known(conf.self_registered_scopes)
    scopes = [name for name in offered if name in asked or not asked]
    if not scopes:
        raise InvalidClientMetadata(description=_ascii(f"scope holds one of: {' '.join(offered)}"))
    return scopes


def _left(client: Application, asked: list[str]) -> list[str]:
    """Return the scopes that a verified client keeps. Scopes that the catalogue lacks stay, since the client cannot
    see them.
    """
    kept = [name for name in client.scope_names if name in asked]
    return [*kept, *client.scopes.gone] if kept else []


def _secret_method(said: Members) -> str:
    return said.text("token_endpoint_auth_method") or "client_secret_basic"


def _clean(client: Application) -> None:
    """Apply the rules of the model. Raises InvalidClientMetadata with the first problem, in English."""
    try:
        with override("en"):
            # The client id is the server's or an address it has checked; the database alone knows of a race.
            client.full_clean(validate_unique=False, validate_constraints=False)
            return
    except ValidationError as error:
        column, problems = next(iter(error.message_dict.items()))
    raise InvalidClientMetadata(description=_ascii(f"{_NAMES.get(column, column)}: {problems[0]}"))


def _ascii(text: str) -> str:
    """Return a text as it may stand in an error description (RFC 6749 section 5.2)."""
    plain = text.translate({ord("“"): "'", ord("”"): "'", ord('"'): "'", ord("\\"): "/"})
    return re.sub(r"[^\x20-\x7e]", "?", plain)[:500]
