"""Plain Django views: how a request is refused, which is how Django REST Framework's views refuse it."""

import datetime

import pytest
from django.utils import timezone

from tests.conformance import proves

from .conftest import METADATA
from .plain import FORMS, OR_SESSION, Caller

pytestmark = proves("api-plain-views")


@pytest.fixture(autouse=True)
def urls(site):
    site.ROOT_URLCONF = "tests.rest_framework.plain_urls"
    site.CSRF_FAILURE_VIEW = "tests.rest_framework.plain_urls.forged"


@pytest.fixture
def caller(db):
    return Caller()


@pytest.mark.parametrize("name", FORMS)
def test_a_lacking_scope_is_named(caller, token, challenge, name):
    answer = caller.ask(name, token("products:read"))
    assert answer.status_code == 403
    assert answer.json()["error"] == "insufficient_scope"
    assert challenge(answer) == {
        "realm": "api",
        "error": "insufficient_scope",
        "error_description": "The request needs a scope that the access token does not have.",
        "scope": "products:write",
        "resource_metadata": f"{METADATA}/plain/{name}/",
    }


@pytest.mark.parametrize("name", [*FORMS, *OR_SESSION])
def test_no_token_is_a_bare_challenge(caller, challenge, name):
    answer = caller.ask(name)
    assert answer.status_code == 401
    assert answer.json() == {}
    assert challenge(answer) == {"realm": "api", "resource_metadata": f"{METADATA}/plain/{name}/"}


SENT = {
    "nothing": {},
    "another scheme": {"Authorization": "Basic x"},
    "unknown": {"Authorization": "Bearer unknown"},
    "no token": {"Authorization": "Bearer "},
    "two words": {"Authorization": "Bearer a b"},
    "NUL": {"Authorization": "Bearer a\x00b"},
    "not ASCII": {"Authorization": "Bearer ñ"},
    "long": {"Authorization": "Bearer " + "x" * 5000},
    "expired": {"Authorization": "Bearer {expired}"},
    "without the scope": {"Authorization": "Bearer {reading}"},
    "for another resource": {"Authorization": "Bearer {elsewhere}"},
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("query", ["", "?access_token=x"])
@pytest.mark.parametrize("sent", SENT)
def test_the_refusal_is_that_of_django_rest_framework(caller, token, name, query, sent):
    tokens = {
        "expired": token("products:write", expires=timezone.now() - datetime.timedelta(seconds=1)),
        "reading": token("products:read"),
        "elsewhere": token("products:write", resource=["https://elsewhere.example/"]),
    }
    headers = {key: value.format(**tokens) for key, value in SENT[sent].items()}
    ours = caller.get(f"/plain/{name}/{query}", headers=headers)
    theirs = caller.get(f"/api/products/{query}", headers=headers)
    assert theirs.status_code in {400, 401, 403}
    assert ours.status_code == theirs.status_code
    expected = theirs.headers["WWW-Authenticate"].replace("/api/products/", f"/plain/{name}/")
    assert ours.headers["WWW-Authenticate"] == expected


def test_a_refusal_that_no_scope_would_change_has_no_challenge(caller, token):
    answer = caller.ask("any-of-none", token("products:read"))
    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer


def test_a_set_that_would_do_is_named(caller, token, challenge):
    assert challenge(caller.ask("any-of", token()))["scope"] == "documents:read"
    assert challenge(caller.ask("all-of", token("products:read")))["scope"] == "companies:read products:read"


@proves("api-no-session")
@pytest.mark.parametrize("name", FORMS)
def test_a_session_is_no_token(caller, luis, name):
    caller.force_login(luis)
    assert caller.ask(name).status_code == 401
    assert caller.ask_from_own_page(name).status_code == 401


@proves("api-session-or-token")
@pytest.mark.parametrize("name", OR_SESSION)
def test_a_page_of_another_site_cannot_use_the_session(caller, luis, name):
    caller.force_login(luis)
    answer = caller.ask(name, method="POST")
    assert answer.status_code == 403
    assert answer.content == b"forged"


@proves("api-session-or-token")
@pytest.mark.parametrize("name", OR_SESSION)
@pytest.mark.parametrize(("value", "status"), [("unknown", 401), ("", 400)])
def test_a_session_does_not_make_a_bad_token_good(caller, luis, name, value, status):
    caller.force_login(luis)
    assert caller.ask(name, value).status_code == status


@proves("api-session-or-token")
@pytest.mark.parametrize("name", OR_SESSION)
def test_a_session_does_not_lend_a_token_its_rights(caller, luis, token, name):
    caller.force_login(luis)
    assert caller.ask(name, token("products:read")).status_code == 403


@proves("api-session-or-token")
@pytest.mark.parametrize("name", OR_SESSION)
def test_the_session_of_somebody_who_was_deactivated_counts_for_nothing(caller, luis, name):
    caller.force_login(luis)
    luis.is_active = False
    luis.save()
    assert caller.ask(name).status_code == 401


@pytest.mark.usefixtures("query_tokens")
@pytest.mark.parametrize("name", FORMS)
def test_nobody_may_keep_a_refusal_of_a_token_in_the_address(caller, name):
    answer = caller.get(f"/plain/{name}/", {"access_token": "unknown"})
    assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "private, no-store"
