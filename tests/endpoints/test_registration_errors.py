"""What keeps a client from registering itself: an error of RFC 7591 section 3.2.2, never a failure of the server."""

import json

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies as st

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.oauth import offered
from tests.registration import CALLBACK, JSON, REGISTER, client_of, good, post, registered

pytestmark = pytest.mark.usefixtures("open_registration")
OWN_DOCUMENT = f"/.well-known/oauth-protected-resource{REGISTER}"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


def refused(answer, error="invalid_client_metadata"):
    assert answer.status_code == 400, answer.content
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert told["error"] == error
    description = told["error_description"]
    assert description.isascii()
    assert not {'"', "\\"}.intersection(description)
    assert not Application.objects.exists()
    return description


@proves("registration-off")
def test_a_site_that_does_not_want_it_has_no_endpoint(site):
    site(DYNAMIC_REGISTRATION=False)
    assert post(good()).status_code == 404
    assert Client().options(REGISTER).status_code == 404
    assert Client().get(f"{REGISTER}unknown/").status_code == 404
    metadata = Client().get("/.well-known/oauth-authorization-server/auth/v1").json()
    assert "registration_endpoint" not in metadata


@proves("registration-malformed")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"1" * 5000,
        b"[" * 10_000,
        b'{"a":' * 3000,
        b"\xff\xfe{}",
        b"\x00",
        b"{" + b" " * 20_000 + b"}",
        json.dumps(good(client_name="x" * 20_000)).encode(),
        b"redirect_uris=https%3A%2F%2Fagent.example",
    ],
)
def test_a_body_that_is_no_small_json_object(body):
    refused(post(body))


@proves("registration-malformed")
@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "", "multipart/form-data"]
)
def test_a_body_of_another_type(content_type):
    refused(Client().post(REGISTER, json.dumps(good()), content_type=content_type))


@proves("registration-malformed")
@pytest.mark.parametrize("value", [1, True, {}, [[]], [1], "\x00", "a\x00b", "\ud800", "\n", "x" * 3000])
@pytest.mark.parametrize(
    "name",
    ["redirect_uris", "grant_types", "response_types", "contacts", "client_name", "client_uri", "scope",
     "token_endpoint_auth_method", "application_type", "policy_uri", "tos_uri", "post_logout_redirect_uris"],
)  # fmt: skip
def test_members_of_the_wrong_type(name, value):
    answer = post(good(**{name: value}))
    told = answer.json()["error"]
    refused(answer, told)
    assert told == "invalid_client_metadata" or (told, name) == ("invalid_redirect_uri", "redirect_uris")


@proves("registration-redirect-uris")
@pytest.mark.parametrize(
    "uris",
    [
        [],
        None,
        ["http://agent.example/callback"],
        ["https://agent.example/callback#fragment"],
        ["https://agent.example/callback https://evil.example/"],
        ["https://agent.example/*"],
        ["https://user@agent.example/"],
        ["javascript:alert(1)"],
        ["data:text/html,x"],
        ["agent:/callback"],
        ["com.example.agent://callback"],
        ["/callback"],
        ["https://ñandú.example/"],
        [f"https://agent.example/{n}" for n in range(21)],
        ["https://agent.example/callback/../evil"],
    ],
)
@pytest.mark.parametrize("method", ["none", "client_secret_basic"])
def test_redirect_uris_against_the_rules_of_the_kind(uris, method):
    refused(post(good(redirect_uris=uris, token_endpoint_auth_method=method)), "invalid_redirect_uri")


@proves("registration-redirect-uris")
@pytest.mark.parametrize(
    "uri",
    [
        "http://agent.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "agent://callback",
        "https://agent.example/callback#fragment",
        "https://agent.example/" + "x" * 3000,
        "https://agent.example/\x00",
        "\ud800",
        " ",
    ],
)
@pytest.mark.parametrize("method", ["none", "client_secret_basic"])
def test_an_unusable_redirect_uri_is_left_out_beside_a_usable_one(uri, method):
    told = registered(redirect_uris=[uri, CALLBACK], token_endpoint_auth_method=method)
    assert told["redirect_uris"] == [CALLBACK]


@proves("registration-redirect-uris")
@pytest.mark.parametrize("uris", ["https://agent.example/", [1], [CALLBACK, None], {"0": CALLBACK}])
def test_redirect_uris_are_an_array_of_texts(uris):
    refused(post(good(redirect_uris=uris)), "invalid_client_metadata")


@proves("logout-registration")
def test_too_many_uris_after_signing_out_are_refused():
    refused(post(good(post_logout_redirect_uris=[f"https://agent.example/{n}" for n in range(21)])))


@proves("logout-registration")
@pytest.mark.parametrize(
    "uri",
    ["http://agent.example/bye", "https://agent.example/bye https://evil.example/", "javascript:alert(1)"],
)
def test_an_unusable_uri_after_signing_out_is_left_out(uri):
    told = registered(post_logout_redirect_uris=["https://agent.example/bye", uri])
    assert told["post_logout_redirect_uris"] == ["https://agent.example/bye"]


@proves("registration-redirect-uris")
def test_a_scheme_of_its_own_is_not_for_a_client_with_a_secret():
    metadata = good(redirect_uris=["com.example.a:/cb"], token_endpoint_auth_method="client_secret_basic")
    refused(post(metadata), "invalid_redirect_uri")


def test_a_devices_redirect_uris_are_left_out():
    assert "redirect_uris" not in registered(grant_types=[DEVICE_CODE])


@proves("registration-kinds")
@pytest.mark.parametrize(
    "metadata",
    [
        {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_basic"},
        {"grant_types": ["password"]},
        {"grant_types": ["implicit"]},
        {"grant_types": ["refresh_token"]},
        {"grant_types": [DEVICE_CODE], "token_endpoint_auth_method": "client_secret_basic"},
        {"response_types": ["token"]},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"application_type": "desktop"},
    ],
)
def test_what_clients_may_not_register_by_themselves(metadata):
    refused(post(good(**metadata)))


@pytest.mark.parametrize(
    "metadata",
    [
        {"client_uri": "javascript:alert(1)"},
        {"policy_uri": "ftp://agent.example/"},
        {"tos_uri": "https://"},
        {"client_name": "Agente\u202e"},
        {"client_name": "x" * 81},
        {"client_uri": "https://agent.example/" + "x" * 600},
    ],
)
def test_texts_that_no_page_should_show(metadata):
    description = refused(post(good(**metadata)))
    assert next(iter(metadata)) in description


@proves("registration-scopes")
def test_scopes_that_such_clients_may_not_have():
    description = refused(post(good(scope="documents:write")))
    assert "products:read" in description


@proves("registration-scopes")
def test_a_scope_that_it_did_not_register_is_refused_later(person):
    client = client_of(registered(scope="products:read"))
    assert offered(person.visit(client, scope="products:write"))["error"] == "invalid_scope"


@proves("registration-limit")
def test_too_many_from_one_address(db, limits):
    limits(registration="3/h")
    for _ in range(3):
        post(b"{")
    answer = post(good())
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not Application.objects.exists()


@proves("registration-limit")
def test_each_address_is_counted_for_itself(db, limits):
    limits(registration="1/h")

    def status(address):
        return Client(REMOTE_ADDR=address).post(REGISTER, good(), content_type=JSON).status_code

    assert [status("192.0.2.1"), status("192.0.2.1")] == [201, 429]
    assert [status("192.0.2.2"), status("2001:db8::1")] == [201, 201]
    assert [status("2001:db8::2"), status("2001:db8:0:1::1")] == [429, 201]


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_another_method(method):
    answer = getattr(Client(), method)(REGISTER)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST, OPTIONS"
    assert answer.json()["error"] == "invalid_request"


@proves("registration-token")
@pytest.mark.usefixtures("by_token")
def test_without_the_initial_access_token_that_the_site_wants(service):
    nothing = post(good())
    assert nothing.status_code == 401
    assert nothing["WWW-Authenticate"].startswith("Bearer ")
    assert "error" not in nothing["WWW-Authenticate"]
    assert nothing.json() == {
        "error_description": "Send an initial access token with the scope clients:register."
    }
    unknown = post(good(), Authorization="Bearer unknown")
    assert unknown.status_code == 401
    assert 'error="invalid_token"' in unknown["WWW-Authenticate"]
    service.application.scopes = "products:read"
    service.application.save()
    other = service.token("client_credentials").json()["access_token"]
    narrow = post(good(), Authorization=f"Bearer {other}")
    assert narrow.status_code == 403
    assert 'scope="clients:register"' in narrow["WWW-Authenticate"]
    assert Application.objects.filter(registration_source="dcr").count() == 0


@proves("registration-token", "resource-document-path")
@pytest.mark.usefixtures("by_token")
@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer unknown"}])
def test_the_challenge_names_the_metadata_of_the_registration_endpoint_itself(service, sent):
    challenge = post(good(), **sent)["WWW-Authenticate"]
    assert f'resource_metadata="http://testserver{OWN_DOCUMENT}"' in challenge
    resource = Client().get(OWN_DOCUMENT).json()["resource"]
    assert resource == f"http://testserver{REGISTER}"
    service.application.scopes = "clients:register"
    service.application.save()
    token = service.token("client_credentials", resource=resource).json()["access_token"]
    assert post(good(), Authorization=f"Bearer {token}").status_code == 201


@proves("registration-token")
@pytest.mark.usefixtures("by_token")
def test_the_challenge_names_the_scope_that_registers():
    assert 'scope="clients:register"' in post(good())["WWW-Authenticate"]


@proves("resource-document-others")
def test_where_anybody_may_register_the_endpoint_has_no_metadata():
    assert Client().get(OWN_DOCUMENT).status_code == 404


@proves("registration-token")
@pytest.mark.usefixtures("by_token")
def test_a_logged_in_person_is_no_initial_access_token(person):
    assert person.browser.post(REGISTER, good(), content_type=JSON).status_code == 401


MEMBERS = st.sampled_from(
    [
        "redirect_uris",
        "grant_types",
        "response_types",
        "token_endpoint_auth_method",
        "application_type",
        "client_name",
        "client_uri",
        "contacts",
        "scope",
        "jwks",
    ]
)
TEXTS = st.sampled_from(
    [
        "none",
        "native",
        "code",
        "authorization_code",
        CALLBACK,
        "http://[::1",
        "a:/b",
        "products:read",
        "a@b.example",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@proves("registration-malformed")
@given(st.dictionaries(MEMBERS | st.text(), VALUES, max_size=8))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
def test_whatever_the_metadata_is_the_answer_is_the_protocols(metadata):
    cache.clear()
    answer = post(good() | metadata)
    assert answer.status_code in {201, 400}
    if answer.status_code == 400:
        assert answer.json()["error"] in {"invalid_client_metadata", "invalid_redirect_uri"}
