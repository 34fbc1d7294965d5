"""Which scopes of a grant still apply, and the reason if none do."""

from collections.abc import Collection

from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from ...models import Application, Consent
from ...scopes import known

REMOVED = "The consent has been removed."
NOT_OFFERED = "None of the grant's scopes is offered any more."
NOT_ALLOWED = "The client may no longer ask for any of the grant's scopes."
WITHDRAWN = "The consent no longer holds any of the grant's scopes."


def remaining(granted: Collection[str], client: Application, consent: Consent | None) -> list[str]:
    """Return the scopes of a grant that the catalogue, the client's allow-list and the person's consent still hold.

    Raises InvalidGrantError with what took the last of them.
    """
    if consent is None:
        raise InvalidGrantError(description=REMOVED)
    offered, may_ask = known(granted), set(client.scope_names)
    allowed = [name for name in offered if name in may_ask]
    covered = consent.covered
    kept = [name for name in allowed if name in covered]
    if not kept:
        reason = NOT_OFFERED if not offered else NOT_ALLOWED if not allowed else WITHDRAWN
        raise InvalidGrantError(description=reason)
    return kept
