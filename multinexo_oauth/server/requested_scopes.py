"""Which requested scopes a client gets (RFC 6749 section 3.3, OpenID Connect Core section 3.1.2.1)."""

from collections.abc import Collection, Iterable

from oauthlib.oauth2.rfc6749.errors import InvalidScopeError

from ..models import Application
from ..scopes import catalogue, concrete


def read_requested_scopes(scope: str, client: Application) -> list[str]:
    """Return the scopes that a request's `scope` gives, or the client's default scopes if it names none.

    Raises InvalidScopeError.
    """
    if asked := scope.split():
        return permitted_scopes(asked, client, client.scope_names)
    if not client.default_scope_names:
        raise InvalidScopeError(description="Say which scopes you need.")
    return client.default_scope_names


def permitted_scopes(asked: Iterable[str], client: Application, available: Collection[str]) -> list[str]:
    """Return those of the scopes asked for that are available, each wildcard as the scopes that it stands for now.

    Unknown scopes are left out. Programs that register themselves ask for whatever the metadata lists, so what is not
    available to them is left out too. Raises InvalidScopeError where nothing is left, and for a known scope that an
    application with an owner was not given.
    """
    known = [name for name in concrete(asked) if name in catalogue()]
    missing = [name for name in known if name not in available]
    if missing and not client.is_self_registered:
        raise InvalidScopeError(description=f"This client was not given: {' '.join(missing)}.")
    kept = [name for name in known if name in available]
    if not kept:
        raise InvalidScopeError(description="None of the requested scopes is available to this client.")
    return kept
