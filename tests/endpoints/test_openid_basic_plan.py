"""The rules of OpenID Connect's code flow that the OpenID Foundation's suite tests, by a client as the suite has it.

The client is confidential, authenticates in either way, and sends PKCE in one module alone.
"""

import json

import pytest
from django.test import Client

from multinexo_oauth.server.openid.signing_keys import generate
from tests.conformance import proves
from tests.conformance.requirements import read
from tests.endpoints.openid import DISCOVERY, ISSUER, USERINFO, userinfo, verified
from tests.oauth import FORM, answered, register

# The basic plan's modules, and that of the configuration plan, with the requirements that hold what they test.
MODULES = {
    "oidcc-server": ["openid-code-flow", "id-token", "id-token-signature"],
    "oidcc-response-type-missing": ["authorize-response-type"],
    "oidcc-userinfo-get": ["userinfo-methods", "userinfo-claims", "subject-stays"],
    "oidcc-userinfo-post-header": ["userinfo-methods"],
    "oidcc-userinfo-post-body": ["userinfo-body"],
    "oidcc-ensure-request-without-nonce-succeeds-for-code-flow": ["openid-no-nonce"],
    "oidcc-scope-profile": ["claims-of-scopes"],
    "oidcc-scope-email": ["claims-of-scopes", "email-verified"],
    "oidcc-scope-address": ["openid-scope-others"],
    "oidcc-scope-phone": ["openid-scope-others"],
    "oidcc-scope-all": ["openid-scope-others", "claims-of-scopes"],
    "oidcc-ensure-other-scope-order-succeeds": ["openid-scope-order"],
    "oidcc-display-page": ["openid-display"],
    "oidcc-display-popup": ["openid-display", "pages-opener"],
    "oidcc-prompt-login": ["prompt-login"],
    "oidcc-prompt-none-not-logged-in": ["prompt-none"],
    "oidcc-prompt-none-logged-in": ["prompt-none"],
    "oidcc-max-age-1": ["max-age", "id-token-auth-time"],
    "oidcc-max-age-10000": ["max-age", "id-token-auth-time"],
    "oidcc-ensure-request-with-unknown-parameter-succeeds": ["openid-unknown-parameter"],
    "oidcc-id-token-hint": ["hint-authorize"],
    "oidcc-login-hint": ["login-hint"],
    "oidcc-ui-locales": ["openid-locales"],
    "oidcc-claims-locales": ["openid-locales"],
    "oidcc-ensure-request-with-acr-values-succeeds": ["openid-acr-values"],
    "oidcc-codereuse": ["code-once"],
    "oidcc-codereuse-30seconds": ["code-once", "code-alarm"],
    "oidcc-ensure-registered-redirect-uri": ["redirect-exact", "authorize-no-open-redirect"],
    "oidcc-ensure-post-request-succeeds": ["authorize-post"],
    "oidcc-server-client-secret-post": ["openid-code-flow"],
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported": [
        "authorize-request-object"
    ],
    "oidcc-claims-essential": ["openid-claims-parameter"],
    "oidcc-ensure-request-object-with-redirect-uri": ["openid-request-redirect-uri"],
    "oidcc-refresh-token": ["id-token-refresh"],
    "oidcc-ensure-request-with-valid-pkce-succeeds": ["authorize-s256", "openid-code-flow"],
    "oidcc-discovery-endpoint-verification": ["discovery", "discovery-required", "discovery-lists", "jwks"],
}
NO_PKCE = {"code_challenge": None, "code_challenge_method": None}
ESSENTIAL = json.dumps(
    {"userinfo": {"name": {"essential": True}}, "id_token": {"email": {"essential": True}}}
)
ELSEWHERE = "https://elsewhere.example/callback"


@proves("openid-plan")
@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_requirement(module):
    assert set(MODULES[module]) <= set(read())


@pytest.fixture
def suite(owner):
    """A client that sends no PKCE, as its owner has said."""
    client = register(
        owner, "web", redirect_uris="https://login.example/callback", scopes="openid profile email"
    )
    client.application.pkce_waived = True
    client.application.save()
    return client


@pytest.fixture
def signed_in(luis, suite):
    """Sign Luis in by a request, and return the answer of the token endpoint and the claims of its ID token."""

    def sign_in(**changes):
        code = luis.consent(suite, **NO_PKCE | {"scope": "openid", "prompt": "consent"} | changes)
        tokens = suite.exchange(code, code_verifier=None).json()
        return tokens, verified(tokens["id_token"], suite.client_id)

    return sign_in


@proves("openid-code-flow")
def test_a_client_without_pkce_gets_an_id_token(signed_in, luis):
    _tokens, claims = signed_in(nonce="n-1")
    assert (claims["iss"], claims["sub"], claims["nonce"]) == (ISSUER, str(luis.user.pk), "n-1")


@proves("openid-code-flow")
def test_the_same_client_may_send_its_secret_in_the_form_or_add_pkce(luis, suite):
    code = luis.consent(suite, scope="openid", **NO_PKCE)
    secret, suite.secret = suite.secret, None
    assert "id_token" in suite.exchange(code, code_verifier=None, client_secret=secret).json()
    suite.secret = secret
    assert "id_token" in suite.exchange(luis.consent(suite, scope="openid")).json()


@proves("openid-no-nonce")
def test_without_a_nonce_the_id_token_has_none(signed_in):
    assert "nonce" not in signed_in()[1]


@proves("openid-scope-order")
@pytest.mark.parametrize("scope", ["email openid", "profile email openid", "openid email  profile"])
def test_scopes_stand_in_any_order(signed_in, scope):
    tokens, claims = signed_in(scope=scope)
    assert set(tokens["scope"].split()) == set(scope.split())
    assert claims["email"] == "luis@example.com"


@proves("openid-scope-others")
@pytest.mark.parametrize("scope", ["openid address", "openid phone", "openid profile email address phone"])
def test_address_and_phone_yield_nothing(signed_in, scope):
    tokens, claims = signed_in(scope=scope)
    assert {"address", "phone"}.isdisjoint(tokens["scope"].split())
    told = set(claims) | set(userinfo(tokens["access_token"]).json())
    assert {"address", "phone_number", "phone_number_verified"}.isdisjoint(told)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"display": "page"}, marks=proves("openid-display")),
        pytest.param({"display": "popup"}, marks=proves("openid-display")),
        pytest.param({"display": "hologram"}, marks=proves("openid-display")),
        pytest.param({"claims_locales": "se"}, marks=proves("openid-locales")),
        pytest.param({"ui_locales": "se zz-ZZ x"}, marks=proves("openid-locales")),
        pytest.param({"acr_values": "urn:mace:incommon:iap:silver 2"}, marks=proves("openid-acr-values")),
        pytest.param({"extra": "foobar"}, marks=proves("openid-unknown-parameter")),
        pytest.param({"claims": ESSENTIAL}, marks=proves("openid-claims-parameter")),
        pytest.param({"claims": "{"}, marks=proves("openid-claims-parameter")),
    ],
)
def test_what_is_not_offered_is_ignored(signed_in, changes):
    tokens, claims = signed_in(**changes)
    assert "name" not in userinfo(tokens["access_token"]).json()
    assert "email" not in claims


@proves("openid-locales")
@pytest.mark.parametrize(
    ("ui_locales", "language"), [("se", "es"), ("se pt-BR en", "pt-BR"), ("en-GB", "en")]
)
def test_the_page_speaks_the_first_language_that_the_site_has(luis, suite, ui_locales, language):
    page = luis.visit(suite, scope="openid", ui_locales=ui_locales, **NO_PKCE).content.decode()
    assert f'<html lang="{language}"' in page


@proves("openid-request-redirect-uri")
def test_the_redirect_uri_of_a_request_object_is_not_followed(luis, suite):
    # {"alg": "none"} . {"redirect_uri": "https://elsewhere.example/callback"}, unsigned as in the suite
    claims = "eyJyZWRpcmVjdF91cmkiOiAiaHR0cHM6Ly9lbHNld2hlcmUuZXhhbXBsZS9jYWxsYmFjayJ9"
    asked = {"scope": "openid", "request": f"eyJhbGciOiAibm9uZSJ9.{claims}.", **NO_PKCE}
    answer = luis.visit(suite, **asked)
    assert answer["Location"].startswith(f"{suite.redirect_uri}?")
    assert answered(answer)["error"] == "request_not_supported"
    page = luis.visit(suite, **asked | {"redirect_uri": ELSEWHERE})
    assert page.status_code == 400
    assert "Location" not in page


@proves("userinfo-body")
def test_userinfo_takes_no_token_in_the_body(signed_in):
    tokens, _claims = signed_in()
    answer = Client().post(USERINFO, f"access_token={tokens['access_token']}", content_type=FORM)
    assert answer.status_code == 401
    assert "error" not in answer["WWW-Authenticate"]


@proves("discovery-required")
@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_configuration_has_what_is_required(db, site, algorithm):
    site(SIGNING_KEYS=[generate(algorithm)])
    found = Client().get(DISCOVERY).json()
    assert found["issuer"] == ISSUER
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert found[name].startswith("http://testserver/")
    assert found["response_types_supported"] == ["code"]
    assert found["subject_types_supported"] == ["public"]
    assert found["id_token_signing_alg_values_supported"] == [algorithm]
    assert "openid" in found["scopes_supported"]
    assert {"client_secret_basic", "client_secret_post"} <= set(
        found["token_endpoint_auth_methods_supported"]
    )
    assert found["claims_parameter_supported"] is False
    assert found["request_parameter_supported"] is False
    assert found["request_uri_parameter_supported"] is False
