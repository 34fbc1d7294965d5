"""A signed parameter that marks an authorization request for which a login was requested.

The login page leads back to the marked URL, so nothing is stored for people who never come back.
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

    `login` identifies the session's login at that time, if any. `has_ended_it` tells that the login was ended, so
    asking again would be a loop.
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
    # A digest of the parameters, because a login page may rewrite the query.
    said = sorted(QueryDict(iri_to_uri(query)).lists())
    return digest(urlencode(said, doseq=True))
