from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from oauthlib.common import urlencode
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, UnsupportedGrantTypeError

from ..models import AccessToken, Application, Kind
from ..server.request_validator import RequestValidator, token_server
from ..signals import token_issued
from .base import ClientEndpoint

GRANT_TYPES = frozenset(grant_type for kind in Kind for grant_type in kind.grant_types)


class TokenView(ClientEndpoint):
    """The token endpoint (RFC 6749 section 3.2)."""

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        grant_type = params.get("grant_type")
        if not grant_type:
            raise InvalidRequestError(description="Missing grant_type.")
        if grant_type not in GRANT_TYPES:
            raise UnsupportedGrantTypeError
        validator = RequestValidator(client)
        # An error that oauthlib answers, rather than raises, is committed with what it ended: a reused code's tokens.
        with transaction.atomic():
            _headers, body, status = token_server(validator).create_token_response(
                request.path, "POST", urlencode([(name, str(params[name])) for name in params]), {}
            )
        if validator.issued is not None:
            token_issued.send(
                sender=AccessToken, request=request, access_token=validator.issued, grant_type=grant_type
            )
        return HttpResponse(body, status=status, content_type="application/json")
