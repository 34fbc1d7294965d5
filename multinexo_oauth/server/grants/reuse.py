from functools import partial

from django.db import transaction

from ...ending.tokens import revoke_family
from ...models import Application, Event
from ...models.grant import Grant
from ...models.token import RefreshToken
from ...signals import token_reused


@transaction.atomic
def end_family(used_twice: Grant | RefreshToken, client: Application) -> None:
    """End everything that came of a code or refresh token that was used twice: one of its two users stole it.

    RFC 6749 section 4.1.2 for codes, RFC 9700 section 4.14.2 for refresh tokens.
    """
    is_code = isinstance(used_twice, Grant)
    ended = revoke_family(used_twice.family)
    Event.record(
        Event.Action.CODE_REUSED if is_code else Event.Action.REFRESH_TOKEN_REUSED,
        application=client,
        ended=ended,
        family=str(used_twice.family),
    )
    tell = partial(
        token_reused.send_robust,
        sender=type(used_twice),
        application=client,
        family=used_twice.family,
        what="code" if is_code else "refresh_token",
    )
    # After the commit, so that a failing receiver cannot undo the revocation.
    transaction.on_commit(tell)
