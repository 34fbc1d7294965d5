import json
import logging
from collections.abc import Iterable
from contextlib import suppress

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from oauthlib.oauth2.rfc6749.errors import (
    CustomOAuth2Error,
    InvalidClientError,
    InvalidRequestError,
    OAuth2Error,
    UnauthorizedClientError,
    UnsupportedGrantTypeError,
)
from oauthlib.oauth2.rfc8628.errors import SlowDownError

from ..announce import announce
from ..models import AccessToken, Application, Kind
from ..models.kind import CLIENT_CREDENTIALS, DEVICE_CODE
from ..origin import ip
from ..server import resource
from ..server.bearer import last_use
from ..server.compiled import ParentChanged
from ..server.grants import device
from ..server.grants.tokens import Issued
from ..server.issuer import issuer
from ..server.openid.id_token import add_id_token
from ..server.request_validator import RequestValidator, token_server
from ..signals import token_issued
from ..storage.deadlock import ATTEMPTS, Busy, survives_deadlocks
from .base import ClientEndpoint

GRANT_TYPES = frozenset(grant_type for kind in Kind for grant_type in kind.grant_types)


class TokenView(ClientEndpoint):
    """The token endpoint (RFC 6749 section 3.2)."""

    throttle_scope = "token"

    def overload(self, request: HttpRequest) -> type[OAuth2Error]:
        # RFC 8628 section 3.5: a polling device stops on every other error.
        return SlowDownError if request.POST.get("grant_type") == DEVICE_CODE else super().overload(request)

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        grant_type = params.get("grant_type")
        if not grant_type:
            raise InvalidRequestError(description="Missing grant_type.")
        if grant_type not in GRANT_TYPES:
            raise UnsupportedGrantTypeError(description=f"grant_type is one of {_listed(GRANT_TYPES)}.")
        usable = client.kind.grant_types
        if grant_type not in usable:
            raise UnauthorizedClientError(
                description=f"This kind of application uses the grant types {_listed(usable)}."
            )
        named = resource.requested_resources(params, request)
        issue = ISSUERS.get(grant_type, _issue)
        try:
            issued = survives_deadlocks(issue)(params, client, named)
        except DatabaseError as error:
            if not _is_gone(client):
                raise
            raise InvalidClientError(description="The client has been deleted.") from error
        if last_use.is_due(client.last_used_at):
            last_use.note(issued.access_token.user_id, client.pk)
        _tell(request, issued, grant_type)
        return JsonResponse(add_id_token(issued, issuer(request)))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _tell(request: HttpRequest, issued: Issued, grant_type: str) -> None:
    """Log that tokens were issued, and send the signal. Neither has a token."""
    token = issued.access_token
    extra = {
        "event": "token_issued",
        "client_id": token.application.client_id if token.application else None,
        "grant_type": grant_type,
        "user_id": token.user_id,
        "address": ip(request),
        "detail": {"family": str(token.family), "scopes": token.scope.names},
    }
    about = {"request": request, "access_token": token, "grant_type": grant_type}
    announce(token_issued, AccessToken, "Tokens were issued.", extra, logging.INFO, **about)


@transaction.atomic
def _is_gone(client: Application) -> bool:
    """Tell whether a client has been deleted. Waits for a transaction that is deleting it."""
    return not Application.objects.select_for_update().filter(pk=client.pk).exists()


def _issue(params: QueryDict, client: Application, named: list[str]) -> Issued:
    """Issue what a client asks for. Raises OAuth2Error."""
    # A refusal commits too, because it ended something: the tokens of a code or refresh token that was used twice.
    with transaction.atomic():
        outcome = _outcome(params, client, named)
    return _issued(outcome)


def _issue_to_service(params: QueryDict, client: Application, named: list[str]) -> Issued:
    """Issue a token to a service with one statement, and decide again if the client changed meanwhile.

    Raises OAuth2Error, and Busy where the client changed each time.
    """
    for _attempt in range(ATTEMPTS):
        with suppress(ParentChanged):
            return _issued(_outcome(params, client, named))
        now = Application.objects.usable().filter(pk=client.pk).first()
        if now is None:
            raise InvalidClientError(description="The client has been deleted or suspended.")
        client = now
    raise Busy


def _issued(outcome: Issued | OAuth2Error) -> Issued:
    if isinstance(outcome, OAuth2Error):
        raise outcome
    return outcome


def _outcome(params: QueryDict, client: Application, named: list[str]) -> Issued | OAuth2Error:
    """Let oauthlib issue, by our validator's rules. Return the error that it answers or raises otherwise."""
    validator = RequestValidator(client, named)
    try:
        _headers, body, status = token_server(validator).create_token_response(
            "", "POST", [(name, str(params[name])) for name in params], {}
        )
    except OAuth2Error as error:
        return error
    if validator.issued is not None:
        return validator.issued
    told = json.loads(body)
    return CustomOAuth2Error(told["error"], told.get("error_description"), status_code=status)


def _issue_to_device(params: QueryDict, client: Application, named: list[str]) -> Issued:
    """Answer a device's poll (RFC 8628 section 3.4) ourselves: oauthlib's releases differ in what they ask of it."""
    device_code = params.get("device_code")
    if not device_code:
        raise InvalidRequestError(description="Missing device_code.")
    return device.redeem(device_code, client, named)


ISSUERS = {DEVICE_CODE: _issue_to_device, CLIENT_CREDENTIALS: _issue_to_service}
