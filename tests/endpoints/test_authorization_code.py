"""A code becomes tokens, and the tokens open the API."""

from multinexo_oauth.models import AccessToken, Grant, RefreshToken
from tests.conformance import proves
from tests.oauth import answered


@proves("code-good")
def test_a_person_consents_and_the_application_creates_a_product(person, web, products):
    code = person.consent(web)
    answer = web.exchange(code)
    assert answer.status_code == 200
    assert products.create(answer.json()["access_token"]).status_code == 201


@proves("token-answer")
def test_the_answer_says_what_was_granted_and_for_how_long(tokens):
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 900
    assert tokens["scope"] == "products:read products:write"
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}


@proves("token-no-store")
def test_the_answer_is_json_that_nobody_stores(person, web):
    answer = web.exchange(person.consent(web))
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"


@proves("client-public", "code-verifier")
def test_a_public_client_needs_its_verifier_alone(person, spa):
    assert spa.exchange(person.consent(spa)).status_code == 200


@proves("redirect-loopback")
def test_an_installed_application_may_listen_on_any_loopback_port(person, native):
    redirect_uri = "http://127.0.0.1:49152/callback"
    code = person.consent(native, redirect_uri=redirect_uri)
    assert native.exchange(code, redirect_uri=redirect_uri).status_code == 200


@proves("code-redirect-uri")
def test_the_redirect_uri_may_be_left_out_where_the_request_left_it_out(person, web):
    code = person.consent(web, redirect_uri=None)
    assert web.exchange(code, redirect_uri=None).status_code == 200


@proves("token-empty")
def test_parameters_without_a_value_and_unknown_ones_change_nothing(person, web):
    code = person.consent(web, redirect_uri=None)
    assert web.exchange(code, redirect_uri="", scope="", unknown="x").status_code == 200


@proves("client-body")
def test_the_client_may_authenticate_in_the_body(person, web):
    code, secret = person.consent(web), web.secret
    web.secret = None
    assert web.exchange(code, client_secret=secret).status_code == 200


@proves("never-in-the-clear")
def test_no_code_and_no_token_is_stored_in_the_clear(person, web):
    code = person.consent(web)
    tokens = web.exchange(code).json()
    stored = repr(
        [*Grant.objects.values(), *AccessToken.objects.values(), *RefreshToken.objects.values()],
    )
    assert code not in stored
    assert tokens["access_token"] not in stored
    assert tokens["refresh_token"] not in stored


@proves("token-slash")
def test_the_token_path_works_without_its_slash(person, web):
    code = person.consent(web)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": web.redirect_uri}
    form["code_verifier"] = "a-verifier-of-forty-three-characters-or-more"
    assert web.post("/auth/v1/token", form).status_code == 200


@proves("authorize-names")
def test_the_documented_name_of_the_authorization_endpoint_answers_too(person, web):
    for path in ("/auth/v1/authorization", "/auth/v1/authorization/", "/auth/v1/authorize"):
        answer = person.browser.get(path, web.request(scope="no such scope"))
        assert answered(answer)["error"] == "invalid_scope"
