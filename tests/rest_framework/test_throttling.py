"""How often a token may call, and what it is told about that."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache

from multinexo_oauth.models import Application, Kind
from multinexo_oauth.rest_framework.throttling import TokenRateThrottle
from tests.conformance import proves

pytestmark = proves("api-throttles")
RATES = {"application": "3/min", "person": "2/min", "products:write": "1/hour", "companies:read": "5/min"}


@pytest.fixture(autouse=True)
def throttled(site):
    cache.clear()
    site.ROOT_URLCONF = "tests.rest_framework.throttled_urls"
    site.REST_FRAMEWORK = {**site.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": RATES}
    yield
    cache.clear()


@pytest.fixture
def clock(monkeypatch):
    """The time of the throttles, which stands still."""
    now = [1_000_000.0]
    monkeypatch.setattr(TokenRateThrottle, "timer", staticmethod(lambda: now[0]))
    return now


@pytest.fixture
def another(application):
    return Application.objects.create(name="Otra", kind=Kind.WEB, user=application.user)


@pytest.fixture
def eva(db):
    return User.objects.create_user("eva")


def statuses(api, path, *tokens, method="GET"):
    return [api.ask(path, token, method).status_code for token in tokens]


def test_an_application_is_counted_whoever_it_acts_for(api, token, eva, another):
    calls = [token(), token(user=eva), token(user=None), token()]
    assert statuses(api, "by-application", *calls) == [200, 200, 200, 429]
    assert statuses(api, "by-application", token(application=another)) == [200]


def test_a_person_is_counted_at_each_application(api, token, eva, another):
    assert statuses(api, "by-person", token(), token(), token()) == [200, 200, 429]
    assert statuses(api, "by-person", token(user=eva), token(application=another)) == [200, 200]


def test_an_application_for_itself_is_counted_apart(api, token):
    assert statuses(api, "by-person", *[token(user=None)] * 3) == [200, 200, 429]
    assert statuses(api, "by-person", token()) == [200]


def test_a_scope_is_counted_where_it_is_needed(api, token):
    value = token("products:write companies:read")
    assert statuses(api, "by-scope", value, value, method="POST") == [200, 429]
    assert statuses(api, "by-scope", value, value, value) == [200, 200, 200]


def test_a_stranger_is_not_counted(api, db):
    answers = [api.ask("by-application") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("RateLimit" in answer for answer in answers)


def test_an_answer_says_what_is_left(api, token, clock):
    value = token()
    first = api.ask("by-application", value)
    assert first["RateLimit-Policy"] == '"application";q=3;w=60'
    assert first["RateLimit"] == '"application";r=2;t=60'
    clock[0] += 10.5
    assert api.ask("by-application", value)["RateLimit"] == '"application";r=1;t=50'


def test_a_refusal_says_when_to_come_back(api, token, clock):
    value = token()
    for _ in range(3):
        api.ask("by-application", value)
    clock[0] += 20
    answer = api.ask("by-application", value)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "40"
    assert answer["RateLimit"] == '"application";r=0;t=40'
    clock[0] += 40
    assert api.ask("by-application", value).status_code == 200


def test_each_limit_is_told(api, token, clock):
    answer = api.ask("by-both", token())
    assert answer["RateLimit-Policy"] == '"application";q=3;w=60, "person";q=2;w=60'
    assert answer["RateLimit"] == '"application";r=2;t=60, "person";r=1;t=60'


def test_a_scope_that_would_do_too_but_is_not_there_is_not_counted(api, token):
    answer = api.ask("by-any-scope", token("companies:read"))
    assert answer["RateLimit-Policy"] == '"companies:read";q=5;w=60'


def test_the_longest_wait_counts(api, token, site, clock):
    rates = {"products:write": "1/hour", "companies:read": "1/min"}
    site.REST_FRAMEWORK = {**site.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    value = token("products:write companies:read")
    assert statuses(api, "by-scope", value, value, method="POST") == [200, 429]
    assert api.ask("by-scope", value, "POST")["Retry-After"] == "3600"


def test_the_limits_of_several_scopes_are_told(api, token, clock):
    value = token("products:write companies:read")
    assert api.ask("by-scope", value, "POST")["RateLimit"] == (
        '"companies:read";r=4;t=60, "products:write";r=0;t=3600'
    )


def test_a_rate_of_none_is_no_limit(api, token, site):
    site.REST_FRAMEWORK = {**site.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"application": None}}
    answers = [api.ask("by-application", token()) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0]


def test_the_application_is_not_looked_up_again(api, token, django_assert_num_queries):
    value = token()
    with django_assert_num_queries(1):
        api.ask("by-both", value)
