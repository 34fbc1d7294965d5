"""Who may not ask, and how userinfo says so (RFC 6750 section 3)."""

import pytest
from django.test import Client

from multinexo_oauth.models import AccessToken
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.endpoints.openid import SCOPES, USERINFO, userinfo
from tests.oauth import register

ORIGIN = "https://spa.example"
# It tells where to get a token (RFC 9728 section 5.1), and no error.
METADATA = "http://testserver/.well-known/oauth-protected-resource/auth/v1/userinfo/"
BARE = f'Bearer realm="api", resource_metadata="{METADATA}"'


@pytest.fixture
def token(person, login):
    return person.tokens(login, scope=SCOPES)["access_token"]


def refused(answer, status, error):
    assert answer.status_code == status
    assert answer.json()["error"] == error
    assert f'error="{error}"' in answer["WWW-Authenticate"]
    assert "no-store" in answer["Cache-Control"]


@proves("userinfo-errors")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_a_bare_challenge(db, method):
    answer = userinfo(None, method)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == BARE
    assert "no-store" in answer["Cache-Control"]


@proves("userinfo-errors")
@pytest.mark.parametrize("value", ["unknown", "eyJhbGciOiJub25lIn0.e30.", "%zz", "ñ", "a\x00b", "x" * 5000])
def test_a_token_that_is_none(db, value):
    refused(userinfo(value), 401, "invalid_token")


@proves("userinfo-errors")
@pytest.mark.parametrize("header", ["Bearer", "Bearer a b"])
def test_a_malformed_header(db, header):
    refused(userinfo(None, Authorization=header), 400, "invalid_request")


@proves("userinfo-errors")
def test_another_scheme_counts_as_none(db):
    assert userinfo(None, Authorization="Basic YTpi")["WWW-Authenticate"] == BARE


@proves("userinfo-errors")
def test_a_token_without_openid(person, login):
    token = person.tokens(login, scope="profile products:read")["access_token"]
    answer = userinfo(token)
    refused(answer, 403, "insufficient_scope")
    assert 'scope="openid"' in answer["WWW-Authenticate"]


@proves("userinfo-errors")
def test_a_token_of_no_person(owner):
    service = register(owner, "service", scopes="openid products:read")
    told = service.token("client_credentials", scope="openid").json()
    refused(userinfo(told["access_token"]), 401, "invalid_token")
    told = service.token("client_credentials", scope="products:read").json()
    refused(userinfo(told["access_token"]), 403, "insufficient_scope")


@proves("userinfo-errors")
def test_a_revoked_token(login, token):
    login.revoke(token)
    refused(userinfo(token), 401, "invalid_token")


@proves("userinfo-errors")
def test_a_person_who_is_not_active(person, token):
    person.user.is_active = False
    person.user.save()
    refused(userinfo(token), 401, "invalid_token")


@proves("userinfo-errors")
def test_a_suspended_application(login, token):
    login.application.suspend()
    refused(userinfo(token), 401, "invalid_token")


@proves("userinfo-errors")
def test_a_token_for_another_resource(token):
    AccessToken.objects.update(resource=["https://api.example/"])
    refused(userinfo(token), 401, "invalid_token")


@proves("userinfo-errors")
def test_a_query_token_where_the_site_takes_none(site, token):
    site(QUERY_TOKENS=False)
    answer = userinfo(None, path=f"{USERINFO}?access_token={token}")
    assert answer.status_code == 401
    assert "error" not in answer["WWW-Authenticate"]


@proves("userinfo-errors")
def test_two_tokens_at_once(token):
    refused(userinfo(token, path=f"{USERINFO}?access_token={token}"), 400, "invalid_request")


@proves("userinfo-methods")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method(db, method):
    assert userinfo(None, method).status_code == 405


@proves("userinfo-errors")
def test_a_session_opens_nothing(person):
    assert person.browser.get(USERINFO).status_code == 401


@proves("openid-needs-a-key", "resource-document-others")
def test_without_a_key_it_is_not_there(site, token):
    document = f"/.well-known/oauth-protected-resource{USERINFO}"
    assert Client().get(document).status_code == 200
    site(SIGNING_KEYS=[])
    assert userinfo(token).status_code == 404
    assert Client().get(document).status_code == 404


@proves("userinfo-cors")
@pytest.mark.usefixtures("spa")
def test_a_page_reads_its_own_clients_answers_alone(token):
    assert "Access-Control-Allow-Origin" not in userinfo(token, Origin=ORIGIN)


@proves("userinfo-cors")
@pytest.mark.usefixtures("spa")
def test_a_page_learns_that_its_token_has_ended(db):
    answer = userinfo("unknown", Origin=ORIGIN)
    refused(answer, 401, "invalid_token")
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert answer["Access-Control-Expose-Headers"] == "WWW-Authenticate"


@proves("userinfo-cors")
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "\x00", ""])
def test_another_origin_reads_nothing(spa, origin):
    for answer in (userinfo("unknown", Origin=origin), userinfo(None, "OPTIONS", Origin=origin)):
        assert "Access-Control-Allow-Origin" not in answer


@proves("only-opaque-tokens")
@pytest.mark.parametrize("credential", ["id_token", "refresh_token", "code", "secret", "digest"])
def test_no_other_credential_of_the_servers_making_opens_anything(person, login, products, credential):
    scope = "openid products:read"
    tokens = person.tokens(login, scope=scope)
    credentials = tokens | {
        "code": person.consent(login, scope=scope),
        "secret": login.secret,
        "digest": digest(tokens["access_token"]),
    }
    assert products.list(credentials[credential]).status_code == 401
    assert userinfo(credentials[credential]).status_code == 401
    assert products.list(tokens["access_token"]).status_code == 200
