"""Bearer tokens (RFC 6750): where a request carries one, and what a valid one represents."""

import datetime
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.views.decorators.debug import sensitive_variables

from ...conf import conf
from ...models import Application
from ...scopes import Scopes
from ...storage import token_cache
from ...storage.digest import digest
from .. import resource
from . import last_use
from .lookup import find_person, find_row
from .query_string import tokens_in_query

# RFC 6750 section 2.1. The bound is far above any token of ours; longer ones are not worth a digest.
B64TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,1024}={0,2}")


class InvalidTokenRequest(Exception):
    """The token is malformed or ambiguous: 400 `invalid_request` (RFC 6750 section 3.1)."""

    description = "The access token of the request is malformed."


class MultipleTokens(InvalidTokenRequest):
    """The request carries more than one token, or one in two places (RFC 6750 section 2)."""

    description = "The request must carry one access token, in one place."


@dataclass(frozen=True)
class Bearer:
    """What a live access token stands for: the value of `request.auth` at the API.

    `resource` names what it is for (RFC 8707), as URIs; none for everything.
    """

    application_id: int
    client_id: str
    user_id: Any
    scope: str
    resource: list[str]
    family_hex: str
    expires_at: float

    @property
    def family(self) -> uuid.UUID:
        return uuid.UUID(self.family_hex)

    @property
    def expires(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.expires_at, datetime.UTC)

    @cached_property
    def user(self) -> Any:
        """The person who gave consent, or None where the application acts for itself."""
        person = None if self.user_id is None else find_person(self.user_id)
        return person if person is not None and person.is_active else None

    @property
    def request_user(self) -> Any:
        """What `request.user` becomes; where the cache answered, the person is loaded once looked at."""
        if self.user_id is None:
            return AnonymousUser()
        if "user" in self.__dict__:
            return self.user
        return SimpleLazyObject(lambda: self.user or AnonymousUser())

    @cached_property
    def application(self) -> Application:
        """The client; without a name and a kind, and suspended, where it was deleted during the request."""
        found = Application.objects.filter(pk=self.application_id).first()
        gone_since = timezone.now()
        return found or Application(
            pk=self.application_id, client_id=self.client_id, suspended_at=gone_since, deleted_at=gone_since
        )

    @cached_property
    def owner(self) -> Any:
        """The application's active owner, or None."""
        application = Application.objects.select_related("user").filter(pk=self.application_id).first()
        owner = application.user if application else None
        return owner if owner is not None and owner.is_active else None

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes granted, with those that they imply."""
        return Scopes(self.scope).expanded

    def is_meant_for(self, request: HttpRequest) -> bool:
        """Tell whether the token is for this URL. A token without a resource is for all (RFC 8707)."""
        if not self.resource:
            return True
        return any(resource.covered([address], self.resource) for address in resource.addresses(request))


@sensitive_variables()
def find_bearer(value: str) -> Bearer | None:
    """Return what a live access token stands for, or None.

    One query, which brings the person along; none where the cache answers, nor for what cannot be a token. Where the
    database was asked, the use is noted after the answer, once an hour.
    """
    if not B64TOKEN.fullmatch(value):
        return None
    checksum = digest(value)
    known = token_cache.get(checksum)
    found = _find(checksum) if known is None else Bearer(*known)
    return found if found is not None and found.expires_at > time.time() else None


def _find(checksum: str) -> Bearer | None:
    row = find_row(checksum)
    if row is None or (row.user is not None and not row.user.is_active):
        return None
    *told, family, expires = row.token
    # In the cache's form: text and numbers are faster to read back than UUIDs and dates.
    entry = (*told, family.hex, expires.timestamp())
    found = Bearer(*entry)
    found.__dict__["user"] = row.user  # the cached property's value, which would be another query
    seconds_left = found.expires_at - time.time()
    if seconds_left > 0:
        token_cache.add(checksum, entry, seconds_left)
        if last_use.is_due(row.last_used_at):
            last_use.note(found.user_id, found.application_id, checksum)
    return found


@sensitive_variables()
def extract_token(request: HttpRequest) -> str | None:
    """Return the access token that a request carries, or None.

    It comes in the `Authorization` header or, where the site's QUERY_TOKENS allows it, in the query string. A
    query token that is not allowed counts as none (RFC 6750 section 3: an unsupported method is no error), unless
    another stands beside it. The body (section 2.2) is the API's own and never read.

    Raises MultipleTokens for more than one, InvalidRequest for a malformed one.
    """
    header, query = tokens_in_header(request), tokens_in_query(request)
    if len(header) + len(query) > 1:
        raise MultipleTokens
    if query and conf.query_tokens:
        return _present(query[0])
    return _present(header[0]) if header else None


def tokens_in_header(request: HttpRequest) -> list[str]:
    """Return the credentials of the Bearer scheme, whatever their shape (RFC 6750 section 2.1)."""
    scheme, _, credentials = request.META.get("HTTP_AUTHORIZATION", "").strip(" ").partition(" ")
    return [credentials.strip(" ")] if scheme.lower() == "bearer" else []


def _present(value: str) -> str:
    if not value or " " in value:
        raise InvalidTokenRequest
    return value
