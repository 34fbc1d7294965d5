"""The JSON of client metadata (RFC 7591 section 2), and its members, each of the type that it must have."""

import json
import re
from collections.abc import Mapping
from typing import Any

from oauthlib.oauth2.rfc6749.errors import OAuth2Error

MAX_BYTES = 16 * 1024
MAX_TEXT_LENGTH = 2000


class InvalidClientMetadata(OAuth2Error):
    error = "invalid_client_metadata"


class InvalidRedirectURI(OAuth2Error):
    error = "invalid_redirect_uri"


def read_metadata(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON object. Raises InvalidClientMetadata for every other text."""
    if len(body) > MAX_BYTES:
        raise InvalidClientMetadata(description=f"Client metadata has at most {MAX_BYTES} bytes.")
    try:
        members = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidClientMetadata(description="Client metadata is JSON in UTF-8.") from error
    if not isinstance(members, dict):
        raise InvalidClientMetadata(description="Client metadata is a JSON object.")
    return members


class Members:
    """The members of client metadata. A null or empty one counts as left out."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        self.members = members

    def text(self, name: str) -> str:
        value = self.members.get(name)
        if value is None:
            return ""
        # Neither a NUL nor half a surrogate pair is printable, and no database takes them.
        if not isinstance(value, str) or len(value) > MAX_TEXT_LENGTH or not value.isprintable():
            raise InvalidClientMetadata(description=f"{name} is a text of at most {MAX_TEXT_LENGTH} letters.")
        return value

    def texts(self, name: str) -> list[str]:
        values = self.members.get(name)
        if values is None:
            return []
        if not isinstance(values, list):
            raise InvalidClientMetadata(description=f"{name} is an array of texts.")
        texts = [Members({name: value}).text(name) for value in values]
        return list(dict.fromkeys(filter(None, texts)))

    def uris(self, name: str) -> list[str]:
        """Return the texts of an array of URIs as they are: their own rules say which are usable."""
        values = self.members.get(name)
        if not isinstance(values, list | None) or not all(isinstance(value, str) for value in values or ()):
            raise InvalidClientMetadata(description=f"{name} is an array of texts.")
        return list(dict.fromkeys(filter(None, values or ())))

    def url(self, name: str) -> str:
        url = self.text(name)
        if url and not re.match("https?://", url):
            raise InvalidClientMetadata(description=f"{name} is a URL that starts with https://.")
        return url
