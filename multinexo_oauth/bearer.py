"""Access tokens of requests, for frameworks that the app does not know: part of the public API."""

from .server.bearer.admission import Refused, admit
from .server.bearer.challenge import format_challenge
from .server.bearer.token import Bearer, InvalidTokenRequest, extract_token, find_bearer

__all__ = [
    "Bearer",
    "InvalidTokenRequest",
    "Refused",
    "admit",
    "extract_token",
    "find_bearer",
    "format_challenge",
]
