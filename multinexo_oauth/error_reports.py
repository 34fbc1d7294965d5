"""Keep credentials out of error reports and log records of failed requests."""

import re
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

# Where WSGI and its servers write the query string.
ADDRESSES = frozenset({"QUERY_STRING", "REQUEST_URI", "RAW_URI"})
# What a query may hold by RFC 6750 section 2.3, OpenID Connect Core section 3.1.2.1 and RFC 8628 section 3.3.1, and
# what one of these is compressed into (`server.short_address`).
IN_QUERY = frozenset({"access_token", "id_token_hint", "long_request", "user_code"})
# Parameters that belong into the body; a client may send them in the query by mistake.
IN_FORM = frozenset({"client_secret", "code", "code_verifier", "device_code", "refresh_token", "token"})
MASK = "***"

View = Callable[..., HttpResponseBase]


def masked(text: str, names: frozenset[str] = IN_QUERY) -> str:
    """Return a text with `***` in place of the parameters' values, in any address that it holds."""
    return _values(names).sub(rf"\1{MASK}", text)


@cache
def _values(names: frozenset[str]) -> re.Pattern[str]:
    spelled = "|".join(name.replace("_", "(?:_|%5f)") for name in sorted(names))
    # An address may stand in the query of another, percent-encoded, as that of who has to log in first does.
    return re.compile(rf"(?i)((?:\b|(?<=%3f)|(?<=%26))(?:{spelled})(?:=|%3d))(?:(?!%26|%23)[^&#\s\"'])+")


def mask_query(request: HttpRequest, names: frozenset[str] = IN_QUERY) -> None:
    """Write `***` for the parameters in a request's addresses and in its query as it was parsed."""
    for name in ADDRESSES & request.META.keys():
        request.META[name] = masked(request.META[name], names)
    query = vars(request).get("GET")  # where it was not parsed yet, the address will be
    if query:
        request.GET = _masked_query(query, names)  # type: ignore[assignment]


def _masked_query(query: QueryDict, names: frozenset[str]) -> QueryDict:
    found = QueryDict(mutable=True, encoding=query.encoding)
    for name, values in query.lists():
        found.setlist(name, [MASK if name in names else masked(value, names) for value in values])
    return found


def unreported(view: View) -> View:
    """Decorate a view that handles credentials: a report of its failure has neither its form nor any variable.

    Django's decorators take the names of variables too. Those would leave the variables of what is called open.
    """

    @wraps(view)
    def masking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Exception:
            mask_query(request, IN_QUERY | IN_FORM)
            raise

    return sensitive_post_parameters()(sensitive_variables()(masking))
