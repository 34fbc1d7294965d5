import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.conformance import proves

from .conftest import METADATA


@proves("bearer-scope")
def test_a_scope_opens_the_view(api, token):
    assert api.ask("products", token("products:write")).status_code == 200


@proves("bearer-scope", "resource-challenge")
def test_a_lacking_scope_is_named(api, token, challenge):
    answer = api.ask("products", token("products:read"))
    assert answer.status_code == 403
    assert challenge(answer) == {
        "realm": "api",
        "error": "insufficient_scope",
        "error_description": "The request needs a scope that the access token does not have.",
        "scope": "products:write",
        "resource_metadata": f"{METADATA}/api/products/",
    }


@proves("bearer-scope")
def test_every_scope_of_the_request_is_named(api, token, challenge):
    # RFC 6750 section 3: the scope attribute says what the token is required to have, not what is missing.
    answer = api.ask("spaced", token("products:read"))
    assert challenge(answer)["scope"] == "companies:read products:read"


@proves("bearer-bare")
def test_no_token_is_a_bare_challenge(api, db, challenge):
    answer = api.ask("products")
    assert answer.status_code == 401
    assert challenge(answer) == {"realm": "api", "resource_metadata": f"{METADATA}/api/products/"}


@proves("bearer-bare")
def test_no_token_is_a_bare_challenge_also_where_sessions_come_first(api, db, challenge):
    answer = api.ask("session-first")
    assert answer.status_code == 401
    assert challenge(answer) == {"realm": "api", "resource_metadata": f"{METADATA}/api/session-first/"}


@proves("bearer-bare")
def test_a_view_that_takes_no_tokens_asks_for_none(api, db):
    answer = api.ask("session-only")
    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer


@proves("bearer-scope")
def test_a_session_is_no_token(api, luis):
    api.force_login(luis)
    answer = api.ask("session-first")
    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer


@proves("bearer-scope")
def test_the_order_of_the_authentication_classes_does_not_matter_to_a_token(api, token, challenge):
    assert api.ask("session-first", token("products:write")).status_code == 200
    answer = api.ask("session-first", token("products:read"))
    assert answer.status_code == 403
    assert challenge(answer)["error"] == "insufficient_scope"


def test_a_refusal_names_the_realm_of_the_site(api, token, challenge):
    assert challenge(api.ask("realm", token()))["realm"] == "the shop"


@proves("bearer-scope")
def test_a_refusal_of_the_view_itself_keeps_its_words(api, token, luis):
    assert "scope" in api.ask("hidden", token()).json()["detail"]


@proves("bearer-scope")
def test_a_function_is_protected_by_a_subclass(api, token, challenge):
    assert api.ask("function", token("products:read")).status_code == 200
    assert challenge(api.ask("function", token()))["scope"] == "products:read"


@proves("bearer-scope")
@pytest.mark.parametrize(
    ("scope", "status"),
    [("documents:read", 200), ("companies:read", 200), ("documents:read companies:read", 200), ("", 403)],
)
def test_any_scope_of_several(api, token, scope, status):
    assert api.ask("reports", token(scope)).status_code == status


@proves("bearer-scope")
def test_any_scope_of_several_names_one_that_would_do(api, token, challenge):
    assert challenge(api.ask("reports", token("products:read")))["scope"] == "documents:read"


@proves("bearer-scope")
def test_any_scope_of_none_is_for_no_token(api, token):
    answer = api.ask("no-reports", token("products:read"))
    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer


@proves("bearer-scope")
@pytest.mark.parametrize(
    ("method", "scope", "status", "named"),
    [
        ("GET", "products:read", 200, None),
        ("GET", "companies:read", 403, "products:read"),
        ("HEAD", "products:read", 200, None),
        ("HEAD", "", 403, "products:read"),
        ("OPTIONS", "products:read", 200, None),
        ("OPTIONS", "", 403, "products:read"),
        ("POST", "products:write companies:read", 201, None),
        ("POST", "products:write", 403, "companies:read products:write"),
        ("DELETE", "products:write companies:read", 403, None),
        ("PUT", "", 405, None),
    ],
)
def test_scopes_by_method(api, token, challenge, method, scope, status, named):
    answer = api.ask("by-method", token(scope), method)
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer) == bool(named)
    if named:
        assert challenge(answer)["scope"] == named


@proves("bearer-scope")
@pytest.mark.parametrize(("method", "status"), [("GET", 403), ("OPTIONS", 403), ("POST", 201)])
def test_a_method_that_is_not_listed_is_for_no_token(api, token, method, status):
    assert api.ask("writes-only", token("products:write"), method).status_code == status


@proves("bearer-scope")
@pytest.mark.parametrize(
    ("method", "path", "scope", "status", "named"),
    [
        ("GET", "by-action", "products:read", 200, None),
        ("GET", "by-action", "documents:read", 403, "products:read"),
        ("POST", "by-action", "products:write", 201, None),
        ("POST", "by-action", "products:read", 403, "products:write"),
        ("GET", "by-action/export", "documents:read", 200, None),
        ("GET", "by-action/export", "products:write", 403, "documents:read"),
        ("DELETE", "by-action/1", "products:write", 403, None),
        ("OPTIONS", "by-action", "", 200, None),
        ("PUT", "by-action", "", 405, None),
    ],
)
def test_scopes_by_action(api, token, challenge, method, path, scope, status, named):
    answer = api.ask(path, token(scope), method)
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer) == bool(named)
    if named:
        assert challenge(answer)["scope"] == named


@proves("bearer-scope")
@pytest.mark.parametrize(
    ("method", "scope", "status", "named"),
    [
        ("GET", "products:read", 200, None),
        ("HEAD", "products:read", 200, None),
        ("OPTIONS", "products:read", 200, None),
        ("GET", "products:write", 200, None),
        ("GET", "companies:read", 403, "products:read"),
        ("POST", "products:write", 201, None),
        ("POST", "products:read", 403, "products:write"),
    ],
)
def test_scopes_by_resource(api, token, challenge, method, scope, status, named):
    answer = api.ask("by-resource", token(scope), method)
    assert answer.status_code == status
    if named:
        assert challenge(answer)["scope"] == named


@proves("bearer-bare")
@pytest.mark.parametrize("path", ["by-method", "by-action", "by-resource", "reports"])
def test_every_class_asks_for_a_token(api, db, challenge, path):
    answer = api.ask(path)
    assert answer.status_code == 401
    assert "error" not in challenge(answer)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("undeclared", "TokenHasScope needs `required_scopes` on Undeclared"),
        ("list-for-mapping", "TokenHasMethodScopes needs a mapping"),
        ("mapping-for-list", "TokenHasScope needs a list"),
    ],
)
def test_a_view_that_does_not_say_what_it_needs_says_so_to_its_author(api, token, path, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        api.ask(path, token())
