"""What the addresses may hold. Importing this makes the converters known to `path()`."""

import base64
import re

from django.urls import register_converter
from django.urls.converters import StringConverter

MARK = "~"


class ClientIdConverter(StringConverter):
    """The visible characters of RFC 6749 appendix A.1; no others ever reach the database.

    A client id with a slash is the URL of a metadata document. Proxies may normalize it, so it is written as base64
    after a marker.
    """

    regex = r"[\x21-\x2e\x30-\x7e]{1,345}"

    def to_python(self, value: str) -> str:
        if not value.startswith(MARK):
            return value
        encoded = value.removeprefix(MARK)
        decoded = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii")
        # One URL per client: only what `to_url` writes is found.
        if not re.fullmatch(r"[\x21-\x7e]+", decoded) or self.to_url(decoded) != value:
            raise ValueError("not a client id")
        return decoded

    def to_url(self, value: str) -> str:
        if "/" not in value and not value.startswith(MARK):
            return value
        return MARK + base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


register_converter(ClientIdConverter, "client_id")
