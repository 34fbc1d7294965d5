import datetime

import pytest
from django.utils import timezone

from multinexo_oauth.ending.tokens import revoke_family
from multinexo_oauth.models import AccessToken
from multinexo_oauth.server.bearer.token import find_bearer
from tests.conformance import proves

from .conftest import METADATA

GARBAGE = {
    "NUL": "a\x00b",
    "one megabyte": "a" * 2**20,
    "not ASCII": "contraseña",
    "lone surrogate": "\ud800",
    "JWT": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "percent": "%zz%00",
    "line feed": "abc\n",
    "quotes": "a\"b'",
    "empty": "",
}


@proves("bearer-bare", "resource-challenge")
def test_a_request_without_a_token_gets_a_bare_challenge(api, db, challenge):
    answer = api.ask("people")
    assert answer.status_code == 401
    assert challenge(answer) == {"realm": "api", "resource_metadata": f"{METADATA}/api/people/"}


@proves("resource-challenge")
def test_the_metadata_is_left_out_where_the_site_does_not_serve_it(api, db, challenge, site):
    site.ROOT_URLCONF = "tests.rest_framework.urls_without_metadata"
    assert challenge(api.ask("people")) == {"realm": "api"}


def test_a_realm_of_the_site_is_quoted(api, db, challenge):
    assert challenge(api.ask("realm"))["realm"] == "the shop"


@proves("bearer-invalid", "bearer-everywhere", "resource-challenge")
@pytest.mark.parametrize("path", ["people", "anyone", "products", "session-first", "session-first-people"])
def test_an_unknown_token_is_an_error_on_every_view(api, db, challenge, path):
    answer = api.ask(path, "unknown")
    assert answer.status_code == 401
    assert challenge(answer) == {
        "realm": "api",
        "error": "invalid_token",
        "error_description": "The access token is invalid, expired or revoked.",
        "resource_metadata": f"{METADATA}/api/{path}/",
    }


@proves("bearer-invalid", "bearer-everywhere")
@pytest.mark.django_db
class TestATokenIsBad:
    @pytest.fixture(autouse=True)
    def refused(self, api, challenge):
        yield
        answer = api.ask("anyone", self.token)
        assert answer.status_code == 401
        assert challenge(answer)["error"] == "invalid_token"

    def test_once_expired(self, token):
        self.token = token(expires=timezone.now() - datetime.timedelta(seconds=1))

    def test_once_revoked(self, token):
        self.token = token()
        revoke_family(AccessToken.objects.get().family)

    def test_when_its_person_is_inactive(self, token, luis):
        self.token = token()
        luis.is_active = False
        luis.save()

    def test_when_its_person_is_gone(self, token, luis):
        self.token = token()
        luis.delete()

    def test_when_its_application_is_suspended(self, token, application):
        self.token = token()
        application.suspend()

    def test_when_its_application_is_gone(self, token, application):
        self.token = token()
        application.delete()

    def test_when_it_has_no_application(self, token):
        self.token = token(application=None)

    def test_at_a_resource_it_was_not_asked_for(self, token):
        self.token = token(resource=["https://elsewhere.example/"])


@proves("access-ends-application")
def test_a_reactivated_application_has_its_tokens_back(api, token, application):
    value = token()
    application.suspend()
    application.reactivate()
    assert api.ask("people", value).status_code == 200


@proves("bearer-invalid", "only-opaque-tokens")
@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_no_token(db, value):
    assert find_bearer(value) is None


@proves("bearer-invalid", "only-opaque-tokens", "never-a-server-error")
@pytest.mark.parametrize("name", ["NUL", "one megabyte", "not ASCII", "JWT", "percent", "quotes"])
def test_garbage_in_the_header_is_an_invalid_token(api, db, challenge, name):
    value = GARBAGE[name].encode().decode("latin-1")
    answer = api.get("/api/anyone/", HTTP_AUTHORIZATION=f"Bearer {value}")
    assert answer.status_code == 401
    assert challenge(answer)["error"] == "invalid_token"


@proves("bearer-malformed", "bearer-one-place")
@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "bearer  ", "Bearer a b", "Bearer a, Bearer b"])
def test_a_malformed_header_is_an_invalid_request(api, db, challenge, header):
    answer = api.get("/api/anyone/", headers={"Authorization": header})
    assert answer.status_code == 400
    assert challenge(answer)["error"] == "invalid_request"


@proves("bearer-body")
def test_the_body_is_never_searched_for_a_token(api, token):
    answer = api.post("/api/people/", {"access_token": token()})
    assert answer.status_code == 401


@proves("bearer-body")
def test_a_field_of_the_body_may_have_the_name_of_the_parameter(api, token):
    answer = api.ask("people", token(), "POST", data='{"access_token": "x"}', content_type="application/json")
    assert (answer.status_code, answer.json()) == (201, {"access_token": "x"})


@proves("never-a-session")
def test_a_view_that_takes_sessions_alone_does_not_take_tokens(api, token):
    assert api.ask("session-only", token("products:write")).status_code == 403
