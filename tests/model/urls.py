"""The example project, and an address that tells what a token opens: a view for each scope answers there."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from example_project.urls import urlpatterns as example_project
from multinexo_oauth.decorators import scope_required

from .model import SCOPES


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


VIEWS = {name: scope_required(name)(nothing) for name in SCOPES}
any_token = scope_required()(nothing)


@csrf_exempt
def opened(request: HttpRequest) -> HttpResponse:
    answers = {name: view(request).status_code for name, view in VIEWS.items()}
    answers["any"] = any_token(request).status_code
    return JsonResponse(answers)


urlpatterns = [path("opened/", opened), *example_project]
