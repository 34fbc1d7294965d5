"""The documents say where everything is, and only what is enabled (RFC 8414, RFC 9728)."""

import pytest
from django.test import Client
from django.urls import resolve

from multinexo_oauth.scopes import catalogue
from tests.conformance import proves

AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server/auth/v1"
PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource"


def document(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=3600"
    return answer.json()


@proves("metadata-issuer", "metadata-path", "metadata-served")
def test_the_issuer_is_where_the_app_is_mounted(db):
    assert document(AUTHORIZATION_SERVER)["issuer"] == "http://testserver/auth/v1"


@proves("metadata-endpoints")
def test_every_endpoint_it_names_is_there(db):
    found = document(AUTHORIZATION_SERVER)
    endpoints = {name: url for name, url in found.items() if name.endswith("_endpoint")}
    assert set(endpoints) == {
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "device_authorization_endpoint",
    }
    for url in endpoints.values():
        assert resolve(url.removeprefix("http://testserver"))


@proves("metadata-enabled")
def test_it_says_what_is_enabled_and_nothing_else(db):
    found = document(AUTHORIZATION_SERVER)
    assert found["response_types_supported"] == ["code"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["grant_types_supported"] == [
        "authorization_code",
        "client_credentials",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
    ]
    assert "none" in found["token_endpoint_auth_methods_supported"]
    assert "none" not in found["introspection_endpoint_auth_methods_supported"]
    assert found["scopes_supported"] == list(catalogue())
    assert found["authorization_response_iss_parameter_supported"] is True
    assert found["request_uri_parameter_supported"] is False


@proves("metadata-issuer")
def test_the_setting_names_the_issuer_whatever_the_host(db, settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "ISSUER": "https://multinexo.example/auth/v1/"}
    found = document(AUTHORIZATION_SERVER)
    assert found["issuer"] == "https://multinexo.example/auth/v1"
    assert found["token_endpoint"] == "https://multinexo.example/auth/v1/token/"


@proves("metadata-path")
@pytest.mark.parametrize("path", ["", "/", "/other", "/auth", "/auth/v1/x", "/%00"])
def test_another_issuers_document_is_not_found(db, path):
    assert Client().get(f"/.well-known/oauth-authorization-server{path}").status_code == 404


@proves("resource-document")
def test_the_protected_resource_names_its_authorization_server(db):
    assert document(PROTECTED_RESOURCE) == {
        "resource": "http://testserver",
        "authorization_servers": ["http://testserver/auth/v1"],
        "scopes_supported": list(catalogue()),
        "bearer_methods_supported": ["header", "query"],
    }


@proves("resource-document")
def test_it_names_the_query_only_where_it_is_taken(db, settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "QUERY_TOKENS": False}
    assert document(PROTECTED_RESOURCE)["bearer_methods_supported"] == ["header"]


@proves("metadata-inserted")
def test_the_openid_configuration_is_the_same_with_the_issuers_path_after_its_name(db):
    inserted = document("/.well-known/openid-configuration/auth/v1")
    assert inserted == document("/auth/v1/.well-known/openid-configuration")


@proves("metadata-inserted")
@pytest.mark.parametrize("path", ["", "/", "/other", "/auth", "/auth/v1/x", "/%00"])
def test_another_issuers_openid_configuration_is_not_found(db, path):
    assert Client().get(f"/.well-known/openid-configuration{path}").status_code == 404


PUBLIC = [
    AUTHORIZATION_SERVER,
    PROTECTED_RESOURCE,
    f"{PROTECTED_RESOURCE}/api/v1/products/",
    "/.well-known/openid-configuration/auth/v1",
    "/auth/v1/.well-known/openid-configuration",
    "/auth/v1/.well-known/jwks.json",
]


def preflight(path, headers, method="GET"):
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return Client().options(path, headers={"Origin": "https://any.example", **asked})


@proves("metadata-preflight")
@pytest.mark.parametrize("headers", ["mcp-protocol-version", "authorization,x-requested-with", "A, b"])
@pytest.mark.parametrize("path", [*PUBLIC, f"{PROTECTED_RESOURCE}/nothing"])
def test_a_preflight_of_any_header_passes(db, path, headers):
    answer = preflight(path, headers)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Headers"] == headers
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert int(answer["Access-Control-Max-Age"]) > 0


@proves("metadata-preflight")
@pytest.mark.parametrize(
    "headers", ["a\x00b", "a\r\nb: c", "ñ", "(", "a,,b", ",", "x" * 5000, "a," * 5000, ""]
)
def test_what_is_no_header_name_is_not_repeated(db, headers):
    answer = preflight(PROTECTED_RESOURCE, headers)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Headers"] == "Authorization, Content-Type"


@proves("metadata-preflight")
@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        f"{PROTECTED_RESOURCE}/nothing",
    ],
)
def test_a_page_reads_that_a_document_is_not_there(db, path):
    answer = Client().get(path)
    assert answer.status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"
