"""The refusals of RFC 6750 section 3, each with its challenge.

They are no `AuthenticationFailed`: Django REST Framework answers that with the challenge of the view's first
authentication class, or with 403 where it has none, so the answer would depend on the order of the classes.
"""

from collections.abc import Iterable
from typing import Any

from rest_framework import exceptions, status

from ..server.bearer import admission


class TokenRequired(exceptions.APIException):
    """The request carries no access token. The challenge names no error (RFC 6750 section 3.1)."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_detail = exceptions.NotAuthenticated.default_detail
    default_code = "not_authenticated"

    def __init__(self, auth_header: str) -> None:
        super().__init__()
        self.auth_header = auth_header


class InvalidRequest(exceptions.APIException):
    """The request does not say clearly which token it carries."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid_request"

    def __init__(self, detail: str, auth_header: str) -> None:
        super().__init__(detail)
        self.auth_header = auth_header


class InvalidToken(exceptions.APIException):
    """The access token is unknown, expired or revoked, or its person or application may not act any more."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_detail = admission.INVALID_TOKEN
    default_code = "invalid_token"

    def __init__(self, auth_header: str) -> None:
        super().__init__()
        self.auth_header = auth_header


class InsufficientScope(exceptions.PermissionDenied):
    """The access token lacks some of the `scopes` that the request needs."""

    default_detail = admission.INSUFFICIENT_SCOPE
    default_code = "insufficient_scope"

    def __init__(self, scopes: Iterable[str], auth_header: str, detail: Any = None) -> None:
        super().__init__(detail)
        self.scopes = frozenset(scopes)
        self.auth_header = auth_header
