"""Authorization requests that are not good: told to the client where it is known, to the person otherwise."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import Event, Grant
from tests.conformance import proves
from tests.oauth import AUTHORIZE, answered, register


def refused(answer, error, at="https://web.example/callback"):
    """The client hears of it, with its state and the issuer."""
    assert answer["Location"].startswith(f"{at}?")
    said = answered(answer)
    assert said["error"] == error
    assert said["state"] == "a state"
    assert said["iss"] == "http://testserver/auth/v1"
    return said.get("error_description", "")


def refused_in_fragment(answer, error, at="https://web.example/callback"):
    """The client's page hears of it, which reads the fragment alone; it went to nobody's server."""
    address, _, fragment = answer["Location"].partition("#")
    assert address == at
    said = dict(parse_qsl(fragment))
    assert said["error"] == error
    assert said["state"] == "a state"
    assert said["iss"] == "http://testserver/auth/v1"
    return said.get("error_description", "")


def shown_to_the_person(answer):
    assert answer.status_code == 400
    assert "Location" not in answer
    assert answer["Cache-Control"] == "no-store"
    assert "consent" not in [template.name for template in answer.templates]
    assert "multinexo_oauth/error.html" in [template.name for template in answer.templates]
    return answer.content.decode()


# Told to the person


@proves("authorize-to-the-person")
@pytest.mark.parametrize("client_id", [None, "", "unknown", "\x00", "x" * 9000, "ñ"])
def test_an_unknown_client_is_told_to_the_person(person, web, client_id):
    page = shown_to_the_person(person.visit(web, client_id=client_id))
    assert "invalid_request" in page


@proves("authorize-to-the-person", "authorize-no-open-redirect", "redirect-exact")
@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/callback",
        "https://web.example/callback/",
        "https://web.example/callback?x=1",
        "https://web.example/CALLBACK",
        "https://web.example:443/callback",
        "https://web.example/callback#fragment",
        "https://user@web.example/callback",
        "http://web.example/callback",
        "javascript:alert(1)",
        "//web.example/callback",
        "http://web.example:99999999/",
        "\x00",
    ],
)
def test_a_redirect_uri_that_is_not_registered_leads_nowhere(person, web, redirect_uri):
    shown_to_the_person(person.visit(web, redirect_uri=redirect_uri))


@proves("redirect-default")
def test_a_missing_redirect_uri_will_do_only_where_one_is_registered(person, web, native):
    assert person.visit(web, redirect_uri=None).status_code == 200
    shown_to_the_person(person.visit(native, redirect_uri=None))


@proves("authorize-to-the-person", "authorize-repeated")
@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_repeated_client_or_redirect_uri_is_told_to_the_person(person, web, name):
    params = web.request() | {name: [web.request()[name]] * 2}
    shown_to_the_person(person.browser.get(AUTHORIZE, params))


@proves("authorize-to-the-person")
def test_a_suspended_client_is_told_to_the_person(person, web):
    web.application.suspend()
    shown_to_the_person(person.visit(web))


# Told to the client


@proves(
    "authorize-to-the-client",
    "authorize-iss",
    "authorize-response-type",
    "authorize-scope",
    "authorize-no-scope",
    "authorize-pkce",
    "authorize-s256",
    "authorize-challenge",
    "authorize-request-object",
    "authorize-prompt-consent",
)
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "none"}, "unsupported_response_type"),
        ({"response_type": "dance"}, "unsupported_response_type"),
        ({"response_type": "\x00"}, "invalid_request"),
        ({"scope": "documents:read"}, "invalid_scope"),
        ({"scope": "unknown"}, "invalid_scope"),
        ({"scope": "unknown offline_access"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "x" * 129}, "invalid_request"),
        ({"code_challenge": "ñ" * 43}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://web.example/r"}, "request_uri_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "none dance"}, "invalid_request"),
        ({"nonce": "x" * 300}, "invalid_request"),
        ({"anything": "\x00"}, "invalid_request"),
        ({"anything": "x" * 9000}, "invalid_request"),
        ({"anything": "é" * 2000}, "invalid_request"),
    ],
)
def test_the_client_is_told_what_is_wrong_before_anybody_is_asked(person, web, changes, error):
    refused(person.visit(web, **changes), error)


@proves("authorize-pkce", "authorize-s256")
@pytest.mark.parametrize("kind", ["web", "spa", "native"])
@pytest.mark.parametrize("challenge", [None, "plain"])
def test_no_kind_is_excused_from_pkce(person, request, kind, challenge):
    client = request.getfixturevalue(kind)
    changes = {"code_challenge_method": challenge} if challenge else {"code_challenge": None}
    refused(person.visit(client, **changes), "invalid_request", at=client.redirect_uri)


@proves("authorize-fragment")
@pytest.mark.parametrize(
    "changes",
    [
        {"response_type": "token"},
        {"response_type": "id_token"},
        {"response_type": "id_token token"},
        {"response_type": "code token"},
        {"response_type": "code id_token"},
        {"response_type": "token code id_token"},
        {"response_type": "token dance"},
        {"response_type": "token", "response_mode": "fragment"},
        {"response_type": "token", "response_mode": "query"},
        {"response_type": "code token", "prompt": "none", "scope": "unknown"},
    ],
)
def test_an_implicit_or_hybrid_request_is_refused_in_the_fragment(person, web, changes):
    refused_in_fragment(person.visit(web, **changes), "unsupported_response_type")


@proves("authorize-fragment")
def test_every_refusal_of_such_a_request_is_in_the_fragment(person, web):
    refused_in_fragment(person.visit(web, response_type="token", anything="x" * 9000), "invalid_request")
    refused_in_fragment(person.visit(web, response_type="token", request="eyJ"), "request_not_supported")
    repeated = web.request() | {"response_type": ["code", "token"]}
    refused_in_fragment(person.browser.get(AUTHORIZE, repeated), "invalid_request")


@proves("authorize-no-implicit")
def test_an_implicit_request_hears_what_to_use(person, web):
    description = refused_in_fragment(person.visit(web, response_type="token"), "unsupported_response_type")
    assert "code" in description
    assert "PKCE" in description


@proves("authorize-repeated")
@pytest.mark.parametrize("name", ["scope", "response_type", "code_challenge", "anything"])
def test_a_repeated_parameter_is_told_to_the_client(person, web, name):
    params = web.request() | {name: ["code", "code"]}
    refused(person.browser.get(AUTHORIZE, params), "invalid_request")


@proves("authorize-repeated")
def test_a_repeated_state_is_not_sent_back(person, web):
    said = answered(person.browser.get(AUTHORIZE, web.request() | {"state": ["one", "two"]}))
    assert said["error"] == "invalid_request"
    assert "state" not in said


@proves("authorize-unauthorized")
def test_a_kind_without_codes_is_told_to_the_person_for_it_has_no_redirect_uri(person, device, service):
    shown_to_the_person(person.visit(device, redirect_uri=None))
    shown_to_the_person(person.visit(service, redirect_uri=None))


@proves("authorize-alphabet")
def test_an_error_description_keeps_to_the_alphabet_of_the_protocol(person, web):
    said = answered(person.visit(web, scope='ñ"\\'))
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*", said["error_description"])


# Without a page: prompt=none


@proves("authorize-prompt-none", "prompt-none")
def test_without_a_page_an_anonymous_person_is_login_required(web):
    refused(Client().get(AUTHORIZE, web.request(prompt="none")), "login_required")


@proves("authorize-prompt-none", "prompt-none")
def test_without_a_page_a_new_client_is_consent_required(person, web):
    refused(person.visit(web, prompt="none"), "consent_required")
    person.consent(web)
    assert "code" in answered(person.visit(web, prompt="none"))


# The person is not signed in


@proves("authorize-login")
def test_an_anonymous_person_signs_in_first_and_comes_back(web):
    answer = Client().get(AUTHORIZE, web.request())
    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == "/cuentas/entrar/"
    assert "code_challenge" in answer["Location"]


@proves("authorize-no-open-redirect")
def test_a_bad_request_sends_nobody_on_who_has_not_signed_in(person, web):
    asked = web.request(scope="unknown")
    answer = Client().get(AUTHORIZE, asked)
    login, _, back = answer["Location"].partition("?next=")
    assert (answer.status_code, login) == (302, "/cuentas/entrar/")
    refused(person.browser.get(unquote(back)), "invalid_scope")


@proves("authorize-to-the-client")
def test_a_bad_request_without_a_page_is_refused_at_once(web):
    refused(Client().get(AUTHORIZE, web.request(scope="unknown", prompt="none")), "invalid_scope")


@proves("authorize-no-open-redirect")
def test_a_request_that_is_too_long_to_come_back_from_signing_in_sends_nobody_on(web):
    answer = Client().get(AUTHORIZE, web.request(state="x" * 7000))
    assert answer.status_code == 400


# The form


@proves("authorize-signed")
def test_nothing_beside_the_signed_request_is_trusted(person, web):
    page = person.visit(web, scope="products:read")
    answer = person.decide(
        page,
        scopes=["products:read"],
        redirect_uri="https://evil.example/",
        client_id="another",
        scope="products:write",
        state="another",
    )
    assert answer["Location"].startswith("https://web.example/callback?")
    assert answered(answer)["state"] == "a state"
    assert Grant.objects.get().scope == "products:read"


@proves("authorize-displayed")
def test_a_permission_that_was_not_displayed_is_not_granted(person, web):
    page = person.visit(web, scope="products:read")
    answer = person.decide(page, scopes=["products:read", "products:write"])
    assert answer.status_code == 400
    assert not Grant.objects.exists()


@proves("authorize-signed")
@pytest.mark.parametrize("request_", ["", "garbage", "\x00", "x" * 100_000])
def test_a_request_that_was_not_signed_here_is_told_to_the_person(person, web, request_):
    page = person.visit(web)
    shown_to_the_person(person.decide(page, request=request_))


@proves("authorize-signed")
def test_an_expired_page_offers_the_way_back(person, web, settings):
    page = person.visit(web)
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "CONSENT_REQUEST_SECONDS": -1}
    html = shown_to_the_person(person.decide(page))
    assert not Grant.objects.exists()
    back = re.search(r'href="(/auth/v1/authorize/\?[^"]+)"', html)[1].replace("&amp;", "&")
    assert person.browser.get(back).status_code == 200


@proves("authorize-signed")
def test_another_persons_page_grants_nothing(person, stranger, web):
    page = stranger.visit(web)
    signed = re.search(r'name="request" value="([^"]+)"', page.content.decode())[1]
    shown_to_the_person(person.decide(person.visit(web), request=signed))
    assert not Grant.objects.exists()


@proves("authorize-meanwhile")
def test_a_redirect_uri_taken_away_meanwhile_gets_nothing(person, web):
    page = person.visit(web)
    web.application.redirect_uris = "https://web.example/new"
    web.application.save()
    shown_to_the_person(person.decide(page))
    assert not Grant.objects.exists()


@proves("authorize-meanwhile")
def test_an_application_suspended_meanwhile_gets_nothing(person, web):
    page = person.visit(web)
    web.application.suspend()
    shown_to_the_person(person.decide(page))


@proves("authorize-login")
def test_somebody_signed_out_meanwhile_signs_in_again(person, web):
    page = person.visit(web)
    person.browser.logout()
    answer = Client().post(page.wsgi_request.get_full_path(), {"decision": "allow"})
    assert urlsplit(answer["Location"]).path == "/cuentas/entrar/"
    assert not Grant.objects.exists()


@proves("authorize-csrf")
def test_a_form_of_another_site_is_refused(person, web):
    person.visit(web)
    signed = signing.dumps({}, salt="another")
    assert person.browser.post(AUTHORIZE, {"request": signed, "decision": "allow"}).status_code == 403


@proves("authorize-signed")
@pytest.mark.parametrize("decision", ["", "perhaps", "\x00"])
def test_no_decision_grants_nothing(person, web, decision):
    answer = person.decide(person.visit(web), decision)
    assert answer.status_code == 400
    assert not Grant.objects.exists()


@proves("never-a-server-error")
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(person, method):
    assert getattr(Client(), method)(AUTHORIZE).status_code == 405


@proves("authorize-scope")
def test_a_removed_scope_cannot_be_had(person, owner):
    client = register(owner, "web", redirect_uris="https://web.example/callback", scopes="products:read")
    refused(person.visit(client), "invalid_scope")


@proves("authorize-code-expires")
def test_a_code_expires(person, web):
    person.consent(web)
    assert Grant.objects.get().expires <= timezone.now() + timedelta(seconds=60)


@proves("authorize-to-the-client", "never-a-server-error")
def test_a_state_that_no_redirect_could_carry_is_not_sent_back(person, web):
    said = answered(person.visit(web, state="é" * 7900))
    assert said["error"] == "invalid_request"
    assert "state" not in said


@proves("never-a-server-error")
def test_another_encoding_is_no_way_to_an_error_of_the_server(person, web):
    answer = person.browser.generic(
        "GET", AUTHORIZE, "x", "text/plain; charset=unicode_escape", QUERY_STRING="client_id=%5Cud800"
    )
    assert answer.status_code == 400


@proves("authorize-meanwhile")
def test_a_scope_taken_from_the_application_meanwhile_is_not_granted(person, web):
    page = person.visit(web)
    web.application.scopes = "products:read"
    web.application.save()
    shown_to_the_person(person.decide(page))
    assert not Grant.objects.exists()


@proves("authorize-meanwhile")
def test_a_button_pressed_twice_is_answered_twice(person, web):
    page = person.visit(web)
    first, second = (answered(person.decide(page)) for _ in range(2))
    assert first["code"] != second["code"]
    assert Event.objects.filter(action=Event.Action.CONSENT_GIVEN).count() == 1


@proves("authorize-meanwhile")
def test_a_permission_that_became_required_after_the_page_opened_is_asked_again(person, web):
    page = person.visit(web)
    web.application.required_scopes = "products:write"
    web.application.save()
    again = person.decide(page, scopes=["products:read"])
    assert again.status_code == 400
    assert not Grant.objects.exists()
    assert "si no quiere permitirlo, cancele" in again.content.decode()
    assert "code" in answered(person.decide(again))
