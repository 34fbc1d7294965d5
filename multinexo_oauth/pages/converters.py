"""What the pages' addresses may hold. Importing this makes the converters known to `path()`."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class ClientIdConverter(StringConverter):
    """The visible characters of RFC 6749 appendix A.1; no others ever reach the database."""

    regex = r"[\x21-\x2e\x30-\x7e]{1,255}"


register_converter(ClientIdConverter, "client_id")
