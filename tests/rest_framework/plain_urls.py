"""Plain Django views, one for each way of protecting them, beside the API of Django REST Framework."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.generic.base import View

from multinexo_oauth.decorators import ScopeRequiredMixin, any_scope_required, scope_required

from .urls import urlpatterns as api


def answer(request: HttpRequest) -> JsonResponse:
    token = request.auth  # type: ignore[attr-defined]
    return JsonResponse(
        {
            "user": request.user.get_username(),
            "scopes": sorted(token.scopes) if token else None,
            "query": request.GET.dict(),
        }
    )


@scope_required("products:write")
def function(request: HttpRequest) -> JsonResponse:
    return answer(request)


@scope_required("products:write")
async def coroutine(request: HttpRequest) -> JsonResponse:
    user = await request.auser()
    assert user == request.user
    return answer(request)


class Answering(View):
    def get(self, request: HttpRequest) -> JsonResponse:
        return answer(request)

    def post(self, request: HttpRequest) -> JsonResponse:
        return answer(request)


class Products(ScopeRequiredMixin, Answering):
    required_scopes = ["products:write"]


class AsyncProducts(ScopeRequiredMixin, View):
    required_scopes = ["products:write"]

    async def get(self, request: HttpRequest) -> JsonResponse:
        return answer(request)

    async def post(self, request: HttpRequest) -> JsonResponse:
        return answer(request)


class ByMethod(ScopeRequiredMixin, Answering):
    required_scopes = {"GET": ["products:read"], "POST": ["products:write", "companies:read"]}

    def delete(self, request: HttpRequest) -> JsonResponse:
        return answer(request)


class OrSession(ScopeRequiredMixin, Answering):
    required_scopes = ["products:write"]
    session_allowed = True


@any_scope_required("documents:read", "companies:read")
def any_of(request: HttpRequest) -> JsonResponse:
    return answer(request)


@any_scope_required()
def any_of_none(request: HttpRequest) -> JsonResponse:
    return answer(request)


@scope_required()
def any_token(request: HttpRequest) -> JsonResponse:
    return answer(request)


@scope_required("products:read", "companies:read")
def all_of(request: HttpRequest) -> JsonResponse:
    return answer(request)


@scope_required("products:write", session=True)
def or_session(request: HttpRequest) -> JsonResponse:
    return answer(request)


@scope_required("products:write", session=True)
async def or_session_coroutine(request: HttpRequest) -> JsonResponse:
    return answer(request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse("forged", status=403)


VIEWS: dict[str, Any] = {
    "function": function,
    "coroutine": coroutine,
    "class": Products.as_view(),
    "async-class": AsyncProducts.as_view(),
    "by-method": ByMethod.as_view(),
    "any-of": any_of,
    "any-of-none": any_of_none,
    "any-token": any_token,
    "all-of": all_of,
    "or-session": or_session,
    "or-session-coroutine": or_session_coroutine,
    "or-session-class": OrSession.as_view(),
}
urlpatterns = [*api, *(path(f"plain/{name}/", view) for name, view in VIEWS.items())]
