"""Plain Django views under the decorators and the mixin: who is let in."""

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.test import AsyncClient

from tests.conformance import proves

from .plain import FORMS, OR_SESSION, Caller

pytestmark = proves("api-plain-views")


@pytest.fixture(autouse=True)
def urls(site):
    site.ROOT_URLCONF = "tests.rest_framework.plain_urls"


@pytest.fixture
def caller(db):
    return Caller()


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_scope_opens_the_view(caller, token, name, method):
    answer = caller.ask(name, token("products:write"), method)
    assert answer.status_code == 200
    assert answer.json()["user"] == "luis"
    assert answer.json()["scopes"] == ["products:read", "products:write"]


@pytest.mark.parametrize("name", FORMS)
def test_an_application_for_itself_is_nobody(caller, token, name):
    assert caller.ask(name, token("products:write", user=None)).json()["user"] == ""


@pytest.mark.parametrize(
    ("name", "scope", "status"),
    [
        ("any-of", "companies:read", 200),
        ("any-of", "documents:read", 200),
        ("any-of", "products:read", 403),
        ("any-of-none", "products:read", 403),
        ("any-token", "", 200),
        ("all-of", "products:read companies:read", 200),
        ("all-of", "products:read", 403),
    ],
)
def test_any_of_and_all_of(caller, token, name, scope, status):
    assert caller.ask(name, token(scope)).status_code == status


@pytest.mark.parametrize(
    ("method", "scope", "status"),
    [
        ("GET", "products:read", 200),
        ("HEAD", "products:read", 200),
        ("OPTIONS", "products:read", 200),
        ("GET", "companies:read", 403),
        ("HEAD", "", 403),
        ("POST", "products:write companies:read", 200),
        ("POST", "products:write", 403),
        ("DELETE", "products:write companies:read", 403),
        ("PUT", "", 405),
    ],
)
def test_scopes_by_method(caller, token, method, scope, status):
    assert caller.ask("by-method", token(scope), method).status_code == status


def test_one_query_is_all_it_takes(caller, token, django_assert_num_queries):
    value = token("products:write")
    with django_assert_num_queries(1):
        caller.ask("function", value)


@pytest.mark.parametrize("name", FORMS)
def test_under_asgi(token, name):
    headers = {"Authorization": f"Bearer {token('products:write')}"}
    answer = async_to_sync(AsyncClient().get)(f"/plain/{name}/", headers=headers)
    assert answer.json()["user"] == "luis"


@pytest.mark.parametrize("name", FORMS)
def test_under_asgi_with_a_token_that_the_cache_knows(token, name, site):
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "TOKEN_CACHE": "default"}
    headers = {"Authorization": f"Bearer {token('products:write')}"}
    for _ in range(2):
        answer = async_to_sync(AsyncClient().get)(f"/plain/{name}/", headers=headers)
        assert answer.json()["user"] == "luis"


@proves("api-no-session")
@pytest.mark.parametrize("name", [*FORMS, *OR_SESSION])
def test_a_token_leaves_no_session_behind(caller, token, name):
    answer = caller.ask(name, token("products:write"), "POST")
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Session.objects.exists()


@proves("api-no-session")
def test_the_person_of_the_token_counts_not_the_one_who_is_logged_in(caller, token, admin_user):
    caller.force_login(admin_user)
    for name in [*FORMS, *OR_SESSION]:
        assert caller.ask(name, token("products:write"), "POST").json()["user"] == "luis"


@proves("api-no-session")
@pytest.mark.parametrize("name", FORMS)
def test_a_site_whose_every_view_needs_a_login_lets_tokens_through(caller, token, site, name):
    site.MIDDLEWARE = [*site.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    assert caller.ask(name, token("products:write")).status_code == 200


@proves("api-session-or-token")
@pytest.mark.parametrize("name", OR_SESSION)
def test_a_session_will_do_where_the_view_says_so(caller, luis, name):
    caller.force_login(luis)
    assert caller.ask(name).json() == {"user": "luis", "scopes": None, "query": {}}
    assert caller.ask_from_own_page(name).status_code == 200


@pytest.mark.usefixtures("query_tokens")
@pytest.mark.parametrize("name", FORMS)
def test_a_token_in_the_address_is_taken_where_the_site_says_so(caller, token, name):
    answer = caller.get(f"/plain/{name}/", {"access_token": token("products:write"), "page": "2"})
    assert answer.json()["query"] == {"page": "2"}
    assert answer.headers["Cache-Control"] == "private, no-store"
