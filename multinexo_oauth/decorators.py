"""Access tokens at plain Django views: the same rules and refusals as at those of Django REST Framework."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from .scopes import Scopes
from .server.bearer import admission
from .server.bearer.admission import ANY_TOKEN, Choices, Refused, listed_for_method
from .server.bearer.token import Bearer

ViewFunction = Callable[..., Any]


def scope_required(*scopes: str, session: bool = False) -> Callable[[ViewFunction], ViewFunction]:
    """Let in a request whose token carries every one of the scopes; any token where there are none.

        @scope_required("products:write")
        def publish(request): ...

    In the view, `request.user` is the person, or AnonymousUser where the application acts for itself, and
    `request.auth` the `Bearer`. With `session`, somebody who is logged in needs no token; CSRF is then checked.
    """
    return _protecting([frozenset(scopes)], session)


def any_scope_required(*scopes: str, session: bool = False) -> Callable[[ViewFunction], ViewFunction]:
    """Let in a request whose token carries at least one of the scopes; `session` as for `scope_required`."""
    return _protecting([frozenset({name}) for name in scopes], session)


class ScopeRequiredMixin(View):
    """A class-based view for requests whose token carries the scopes. List it before the view class.

    `required_scopes` is a list, or a mapping by HTTP method. A method that the mapping leaves out accepts no token.
    """

    required_scopes: Iterable[str] | Mapping[str, Iterable[str]] | None = None
    session_allowed = False

    @classmethod
    def as_view(cls, **initkwargs: Any) -> ViewFunction:
        scopes = initkwargs.get("required_scopes", cls.required_scopes)
        if scopes is None:
            raise ImproperlyConfigured(f"{cls.__name__} needs `required_scopes`.")

        def sufficient_scopes(method: str | None) -> Choices:
            if not isinstance(scopes, Mapping):
                return [frozenset(Scopes.read(scopes).names)]
            has_handler = hasattr(cls, (method or "").lower()) or method == "HEAD"
            return listed_for_method(method, scopes) if has_handler else ANY_TOKEN  # its answer is 405

        session = initkwargs.get("session_allowed", cls.session_allowed)
        return _protect(super().as_view(**initkwargs), sufficient_scopes, session)


def _protecting(choices: Choices, session: bool) -> Callable[[ViewFunction], ViewFunction]:
    return lambda view: _protect(view, lambda method: choices, session)


def _protect(
    view: ViewFunction, sufficient_scopes: Callable[[str | None], Choices], session: bool
) -> ViewFunction:
    def refusal(request: HttpRequest) -> HttpResponseBase | None:
        return _refusal(request, sufficient_scopes(request.method), session)

    if iscoroutinefunction(view):

        @wraps(view)
        async def protected(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refused = await sync_to_async(refusal)(request)
            if refused is None:
                # Loaded here, because a coroutine that reads a lazy user must not query the database.
                await sync_to_async(getattr)(request.user, "pk")
            return _finished(request, refused or await view(request, *args, **kwargs))
    else:

        @wraps(view)
        def protected(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _finished(request, refusal(request) or view(request, *args, **kwargs))

    protected.sufficient_scopes = sufficient_scopes  # type: ignore[attr-defined]
    # No browser sends a token by itself, so CSRF does not apply; for a session, `_refusal` checks the CSRF token.
    return csrf_exempt(login_not_required(protected))


def _refusal(request: HttpRequest, choices: Choices, session: bool) -> HttpResponseBase | None:
    """Put the person and the token on the request, or return why it is not let in."""
    try:
        token = admission.authenticate(request)
        if token is None and session and request.user.is_authenticated:
            _act_for(request, request.user, None)
            return _forgery(request)
        token = admission.checked(request, token, choices)
    except Refused as refused:
        return refused.response()
    _act_for(request, token.request_user, token)
    return None


def _act_for(request: HttpRequest, user: Any, token: Bearer | None) -> None:
    async def auser() -> Any:
        return user

    request.user, request.auth, request.auser = user, token, auser  # type: ignore[attr-defined]


def _forgery(request: HttpRequest) -> HttpResponseBase | None:
    """Return Django's refusal of a request that another site may have forged. DRF's CSRFCheck gives a reason instead
    of the page that the site's CSRF_FAILURE_VIEW makes.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    check = CsrfViewMiddleware(answer)
    check.process_request(request)
    return check.process_view(request, None, (), {})  # type: ignore[arg-type]


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if admission.forbids_storing(request):
        response.headers["Cache-Control"] = "private, no-store"
    return response
