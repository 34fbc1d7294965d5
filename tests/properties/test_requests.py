"""Whatever parameters an endpoint gets, it answers in the protocol's words."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from hypothesis import given, settings, strategies as st

from tests.conformance import proves
from tests.device import GRANT_TYPE, START
from tests.oauth import AUTHORIZE, FORM, REVOKE, TOKEN, OAuthClient, Person, basic
from tests.properties.examples import example
from tests.responses import ClientResponse

pytestmark = proves("never-a-server-error", "token-malformed", "token-alphabet", "authorize-alphabet")
INTROSPECT = "/auth/v1/introspect/"
ENDPOINTS = (TOKEN, REVOKE, INTROSPECT, START)
NAMES = [
    *("client_id", "client_secret", "grant_type", "code", "redirect_uri", "code_verifier", "refresh_token"),
    *("scope", "device_code", "token", "token_type_hint", "response_type", "response_mode", "state", "nonce"),
    *("prompt", "max_age", "code_challenge", "code_challenge_method", "request", "request_uri", "resource"),
    *("id_token_hint", "claims"),
]
VALUES = [
    "authorization_code",
    "client_credentials",
    "refresh_token",
    "password",
    GRANT_TYPE,
    "code",
    "token",
    "S256",
    "query",
    "form_post",
    "none",
    "login",
    "products:read",
    "openid products:write",
    "https://web.example/callback",
    "https://evil.example/",
    "x" * 43,
    "",
]
ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "invalid_target",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
    "expired_token",
    "authorization_pending",
    "access_denied",
    "login_required",
    "consent_required",
    "account_selection_required",
    "request_not_supported",
    "request_uri_not_supported",
}
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
name = st.one_of(st.sampled_from(NAMES), text)
value = st.one_of(
    st.sampled_from(VALUES), text, st.integers().map(str), st.sampled_from(["x" * 9000, "ñ" * 3000])
)
pairs = st.lists(st.tuples(name, value), max_size=8)
elsewhere = st.sampled_from(
    [
        "https://evil.example/",
        "//evil.example",
        "https://web.example/callback/../x",
        "https://web.example@evil.example/callback",
        "http://web.example/callback",
        "javascript:alert(1)",
    ]
)
form = st.one_of(pairs.map(lambda found: urlencode(found).encode()), st.binary(max_size=100))


# RFC 6749 sections 4.1.2.1 and 5.2.
DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*")


def is_in_the_protocols_words(error: str, description: str = "") -> bool:
    return error in ERRORS and DESCRIPTION.fullmatch(description) is not None


def in_the_protocols_words(answer: ClientResponse) -> None:
    assert answer.status_code in {200, 400, 401}, answer.content
    assert "Location" not in answer
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        assert is_in_the_protocols_words(answer.json()["error"], answer.json().get("error_description", ""))


@given(path=st.sampled_from(ENDPOINTS), body=form, authenticated=st.booleans())
@settings(max_examples=300)
def test_a_form_is_answered_in_the_protocols_words(
    web: OAuthClient, path: str, body: bytes, authenticated: bool
) -> None:
    headers = {"Authorization": basic(web.client_id, web.secret or "")} if authenticated else {}
    with example():
        in_the_protocols_words(web.http.post(path, body, content_type=FORM, headers=headers))


@given(path=st.sampled_from(ENDPOINTS), found=pairs, body=st.binary(max_size=60), media=text)
def test_any_other_body_is_answered_in_the_protocols_words(
    web: OAuthClient, path: str, found: list[tuple[str, str]], body: bytes, media: str
) -> None:
    query: Any = {"QUERY_STRING": urlencode(found)}
    content_type = media.encode().decode("latin-1")
    with example():
        in_the_protocols_words(web.http.generic("POST", path, body, content_type, **query))


@proves("authorize-no-open-redirect")
@given(
    changes=pairs,
    redirect_uri=st.one_of(st.none(), elsewhere),
    raw=st.sampled_from(["", "&%zz", "&%00", "&%ff=%fe", "&=&"]),
    signed_in=st.booleans(),
)
@settings(max_examples=200)
def test_an_authorization_request_leads_home_or_to_the_client(
    person: Person,
    web: OAuthClient,
    changes: list[tuple[str, str]],
    redirect_uri: str | None,
    raw: str,
    signed_in: bool,
) -> None:
    browser: Any = person.browser if signed_in else web.http
    asked = web.request() | dict(changes) | ({"redirect_uri": redirect_uri} if redirect_uri else {})
    with example():
        answer = browser.get(AUTHORIZE, QUERY_STRING=urlencode(asked) + raw)
    assert answer.status_code in ({400} if redirect_uri else {200, 302, 400})
    if answer.status_code == 302:
        leads_home_or_to(web.redirect_uri, answer["Location"])


def leads_home_or_to(redirect_uri: str, location: str) -> None:
    to = urlsplit(location)
    if not to.netloc:
        assert to.path == "/cuentas/entrar/"
        return
    assert f"{to.scheme}://{to.netloc}{to.path}" == redirect_uri
    said = {name: values[0] for name, values in parse_qs(to.query).items()}
    assert "code" in said or is_in_the_protocols_words(said["error"], said.get("error_description", ""))
