"""Access tokens in the query string (RFC 6750 section 2.3), which are kept out of logs."""

from django.http import HttpRequest, QueryDict
from django.views.decorators.debug import sensitive_variables

from ...conf import conf
from ...error_reports import ADDRESSES

PARAMETER = "access_token"
_KEPT = "_multinexo_oauth_query_tokens"


@sensitive_variables()
def tokens_in_query(request: HttpRequest) -> list[str]:
    """Return the access tokens of the query string.

    If the site accepts them, they are removed from the request, so that log records, error reports and links do not
    hold them.
    """
    kept: list[str] | None = getattr(request, _KEPT, None)
    if kept is not None:
        return kept
    if not request.META.get("QUERY_STRING"):
        return []  # most API calls have no query, so nothing is parsed
    found = request.GET.getlist(PARAMETER)
    if found and conf.query_tokens:
        # Kept on the request, because a view may pass it to another view that asks again.
        setattr(request, _KEPT, found)
        request.GET = without_tokens(request.GET)  # type: ignore[assignment]
        scrub(request)
    return found


def scrub(request: HttpRequest) -> None:
    """Make the addresses in `request.META` say what is left of the query."""
    clean = request.GET.urlencode()
    for name in ADDRESSES & request.META.keys():
        path, mark, _ = request.META[name].partition("?")
        request.META[name] = clean if name == "QUERY_STRING" else path + mark + clean


def without_tokens(query: QueryDict) -> QueryDict:
    """Return a copy of a query that has no access token."""
    rest = query.copy()
    rest.pop(PARAMETER, None)
    return QueryDict(rest.urlencode(), encoding=query.encoding)
