from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from ..ending.tokens import revoke_token
from ..models import Application, Event
from ..origin import Origin
from ..storage.deadlock import survives_deadlocks
from ..storage.digest import digest
from .base import ClientEndpoint


class RevocationView(ClientEndpoint):
    """The revocation endpoint (RFC 7009). Ending one token of a grant ends them all; an unknown one is no error."""

    throttle_scope = "revocation"

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        token = params.get("token")
        if not token:
            raise InvalidRequestError(description="Missing token.")
        # RFC 7009 section 2.1: the hint may be ignored, and a client ends its own tokens alone.
        _revoke(digest(token), client, Origin.of_program(request))
        # RFC 7009 section 2.2 has clients ignore the body; some parse it first.
        return JsonResponse({})


@survives_deadlocks
@transaction.atomic
def _revoke(checksum: str, client: Application, origin: Origin) -> None:
    ended = revoke_token(checksum, client)
    if ended is not None:
        Event.record(
            Event.Action.ACCESS_RETURNED, application=client, origin=origin, family=str(ended.family)
        )
