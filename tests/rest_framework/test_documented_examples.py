"""Every view that the documents and docstrings show refuses a token that should not pass, whoever's it is."""

import ast
import inspect
import re
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.http import HttpResponse
from django.urls import path
from django.utils.module_loading import import_string
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from multinexo_oauth import decorators
from multinexo_oauth.decorators import ScopeRequiredMixin
from multinexo_oauth.rest_framework import OAuth2Authentication, permissions
from multinexo_oauth.rest_framework.permissions import TokenPermission
from tests.conformance import proves

pytestmark = [proves("api-documented-examples"), pytest.mark.django_db]

ROOT = Path(__file__).parent.parent.parent
IMPORTS = """
from django.views.generic.base import View
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.permissions import IsAdminUser, IsAuthenticated
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet
from multinexo_oauth.decorators import *
from multinexo_oauth.rest_framework import *
from multinexo_oauth.rest_framework.permissions import TokenPermission
"""
PROTECTS = re.compile(
    r"permission_classes|PERMISSION_CLASSES|TokenHas|TokenPermission|scope_required|ScopeRequired"
)
# What an example says of its view, beside its permissions.
DECLARED = ("required_scopes", "scope_resource", "owner_field")
SCOPES = [
    *["products:read", "products:write", "companies:read", "documents:read", "documents:write"],
    *["drafts:write", "cashier:read", "reports:read", "products:export"],
]
# The examples that are about any token.
ANY_TOKEN = {
    "[IsTokenAuthenticated]",
    "[IsTokenAuthenticated & IsAuthenticated]",
    "[IsTokenAuthenticated & ~IsAuthenticated]",
}


def blocks():
    """Give the Python of the documents and of the docstrings, each with where it stands."""
    for file in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for block in re.findall(r"```python\n(.*?)```", file.read_text(), re.DOTALL):
            yield file.name, block
    for module in (permissions, decorators):
        for name, thing in [(module.__name__, module), *vars(module).items()]:
            own = thing is module or getattr(thing, "__module__", "") == module.__name__
            for block in (
                re.findall(r"(?:^    .*\n?)+", inspect.getdoc(thing) or "", re.MULTILINE) if own else []
            ):
                yield name, inspect.cleandoc(f"\n{block}")


def examples():
    """Give each view that is shown: where, as what, and one that is protected so."""
    made: dict[str, Any] = {}
    for where, block in blocks():
        if not PROTECTS.search(block):
            continue
        names = {"__name__": __name__, **made}
        exec(IMPORTS + block, names)
        # A later example names the classes of an earlier one.
        made |= {
            name: it for name, it in names.items() if inspect.isclass(it) and issubclass(it, TokenPermission)
        }
        for node in ast.parse(block).body:
            yield from ((where, *found) for found in protected_by(node, names))


def protected_by(node, names):
    """Give what one statement of an example protects."""
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "permission_classes":
        expression = ast.unparse(node.value)
        yield expression, view(eval(expression, names), names)
    elif isinstance(node, ast.Assign) and "DEFAULT_PERMISSION_CLASSES" in ast.unparse(node):
        for setting in names["REST_FRAMEWORK"]["DEFAULT_PERMISSION_CLASSES"]:
            yield setting, view([import_string(setting)], {"required_scopes": ["products:read"]})
    elif isinstance(node, ast.ClassDef):
        yield from ((node.name, found) for found in of_class(names[node.name]))
    elif isinstance(node, ast.FunctionDef):
        yield from ((node.name, found) for found in of_function(names[node.name]))


def of_class(shown):
    if issubclass(shown, TokenPermission):
        yield view([shown], {"required_scopes": ["products:read"]})
    elif issubclass(shown, APIView):
        yield view(shown.permission_classes, vars(shown))
    elif issubclass(shown, ScopeRequiredMixin):
        get = {"get": lambda self, request: HttpResponse()}
        example: Any = type("Example", (shown,), get)
        yield example.as_view()


def of_function(shown):
    if hasattr(shown, "cls"):
        yield view(shown.cls.permission_classes, {})
    elif hasattr(shown, "sufficient_scopes"):

        @wraps(shown)
        def answering(request):
            return shown(request) or HttpResponse()

        yield answering


def view(classes, declared):
    """Return a view that answers whoever is let in."""
    said = {name: declared[name] for name in DECLARED if name in declared}
    answers = dict.fromkeys(["list", "create"], lambda self, request: Response())
    ours = {"authentication_classes": [OAuth2Authentication], "permission_classes": classes}
    example: type[ViewSet] = type("Example", (ViewSet,), {**answers, **ours, **said})
    return example.as_view({"get": "list", "post": "create"})


EXAMPLES = [pytest.param(told, example, id=f"{where}: {told}") for where, told, example in examples()]
BARRED = [it for it in EXAMPLES if it.values[0] not in ANY_TOKEN]


@pytest.fixture
def statuses(site, api, token, luis, admin_user):
    """Return how the example answers the tokens of somebody, of staff and of an application for itself."""
    catalogue = {name: {"label": name} for name in SCOPES}
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "SCOPES": catalogue}

    def statuses(example, scope):
        site.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("api/example/", example)]})
        holders = [token(scope, user=user) for user in (luis, admin_user, None)]
        return {
            api.ask("example", holder, method).status_code for holder in holders for method in ("GET", "POST")
        }

    return statuses


def test_the_documents_show_many():
    assert len(EXAMPLES) > 25
    assert {it.values[0] for it in EXAMPLES} > ANY_TOKEN


@pytest.mark.parametrize(("told", "example"), BARRED)
def test_a_token_without_the_scope_is_refused_whoevers_it_is(statuses, told, example):
    assert statuses(example, "") <= {401, 403, 405}


@pytest.mark.parametrize(("told", "example"), EXAMPLES)
def test_a_token_with_every_scope_is_let_in_and_no_warning_stands(statuses, told, example):
    assert 200 in statuses(example, " ".join(SCOPES))
    assert [message for message in checks.run_checks() if message.id == "multinexo_oauth.W010"] == []
