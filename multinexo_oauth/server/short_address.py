"""Compressing authorization requests that are too long for the login page's `next`, of which Django takes 2048
characters.

The query is compressed, which shortens lists of scopes, and signed, so that nobody else's data is decompressed.
"""

from urllib.parse import urlencode

from django.core import signing

from ..conf import conf

PARAMETER = "long_request"
SALT = "multinexo_oauth.short_address"
MAX_LENGTH = 2000


def shortened_url(address: str) -> str:
    """Return an address whose query, where it is long, is compressed into one parameter."""
    path, _mark, query = address.partition("?")
    if len(address) <= MAX_LENGTH:
        return address
    return f"{path}?{urlencode({PARAMETER: signing.dumps(query, salt=SALT, compress=True)})}"


def query_of(value: str) -> str | None:
    """Return the query that was compressed into a value; None where that is stale or not ours."""
    try:
        query: str = signing.loads(value, salt=SALT, max_age=conf.consent_request_seconds)
    except signing.BadSignature:
        return None
    return query
