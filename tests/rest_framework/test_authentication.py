from django.contrib.auth.models import User

from multinexo_oauth.models import AccessToken
from multinexo_oauth.server.bearer.token import find_bearer
from tests.conformance import proves


@proves("bearer-header")
def test_a_token_makes_its_person_the_user(api, token):
    answer = api.ask("people", token("products:read"))
    assert answer.status_code == 200
    assert answer.json()["user"] == "luis"


@proves("bearer-implied")
def test_a_token_carries_its_scopes_and_those_they_imply(api, token):
    answer = api.ask("people", token("products:write companies:read"))
    assert answer.json()["scopes"] == ["companies:read", "products:read", "products:write"]


@proves("bearer-header")
def test_the_scheme_may_be_written_in_any_case(api, token):
    for scheme in ("bearer", "BEARER", "bEaReR"):
        answer = api.get("/api/people/", headers={"Authorization": f"{scheme} {token()}"})
        assert answer.status_code == 200


@proves("bearer-queries")
def test_a_token_costs_one_query(api, token, django_assert_num_queries):
    value = token("products:write")
    with django_assert_num_queries(1):
        assert api.ask("products", value).status_code == 200


@proves("bearer-queries")
def test_a_token_brings_its_person_along(token, django_assert_num_queries):
    value = token("products:read")
    with django_assert_num_queries(1):
        found = find_bearer(value)
        assert found is not None
        assert (found.user.username, found.request_user.username) == ("luis", "luis")
    with django_assert_num_queries(1):
        assert found.application.name == "Balance"
    row = AccessToken.objects.get()
    assert (found.expires, found.family) == (row.expires, row.family)


@proves("bearer-nobody")
def test_an_application_that_acts_for_itself_has_an_anonymous_user(api, token):
    answer = api.ask("anyone", token("products:read", user=None))
    assert answer.json()["anonymous"] is True
    assert answer.json()["scopes"] == ["products:read"]


@proves("bearer-nobody")
def test_such_an_application_is_no_person(api, token):
    answer = api.ask("people", token(user=None))
    assert answer.status_code == 403


@proves("bearer-everywhere")
def test_an_open_view_takes_requests_without_a_token(api, db):
    answer = api.ask("anyone")
    assert answer.status_code == 200
    assert answer.json()["anonymous"] is True


@proves("bearer-header")
def test_credentials_of_another_scheme_are_left_to_others(api, db):
    answer = api.get("/api/anyone/", headers={"Authorization": "Basic YW5hOmFuYQ=="})
    assert answer.status_code == 200


def test_a_token_for_this_resource_opens_it(api, token):
    assert api.ask("people", token(resource=["http://testserver/api"])).status_code == 200


@proves("never-a-session")
def test_a_token_makes_no_session(api, token, client):
    answer = api.ask("people", token())
    assert "sessionid" not in answer.cookies
    assert User.objects.get(username="luis").last_login is None


def test_one_request_may_be_asked_about_twice(api, token):
    assert api.ask("twice", token()).status_code == 200
