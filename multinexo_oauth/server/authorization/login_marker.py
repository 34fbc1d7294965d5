"""The mark of an authorization request that has asked for a login: signed, in the request's own address.

The login page leads back to that address, so that nothing has to be stored for a person who may never come back.
"""

import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.http import QueryDict
from django.utils.encoding import iri_to_uri

from ...conf import conf
from ...storage.digest import digest

PARAMETER = "login_asked"
SALT = "multinexo_oauth.login_marker"
IN_A_QUERY = re.compile(rf"&?\b{PARAMETER}=[^&]*")


@dataclass(frozen=True)
class LoginMarker:
    """When a login was asked for, and by which request.

    `login` is the one that the session had then, if any. `has_ended_it` tells that it was ended, so that asking once
    more would be a loop.
    """

    asked_at: float
    request: str
    login: str | None
    has_ended_it: bool


def add(query: str, login: str | None, *, has_ended_it: bool = False) -> str:
    """Return a request's query string with a marker of now, in place of any it has."""
    bare = without(query)
    marker = signing.dumps([time.time(), _key(bare), login, has_ended_it], salt=SALT)
    added = QueryDict(mutable=True)
    added[PARAMETER] = marker
    return f"{bare}&{added.urlencode()}"


def read(query: str) -> LoginMarker | None:
    """Return the marker of a query string; None where there is none, or it is stale or another request's."""
    try:
        told = signing.loads(
            QueryDict(query).get(PARAMETER, ""), salt=SALT, max_age=conf.consent_request_seconds
        )
    except signing.BadSignature:
        return None
    marker = LoginMarker(*told)
    return marker if marker.request == _key(without(query)) else None


def without(query: str) -> str:
    """Return a query string as the client sent it."""
    return IN_A_QUERY.sub("", query)


def _key(query: str) -> str:
    # Of what it says, for a login page may write it in another way.
    said = sorted(QueryDict(iri_to_uri(query)).lists())
    return digest(urlencode(said, doseq=True))
