"""Requests that the token endpoint refuses before any grant is looked at."""

import sys

import pytest
from django.core.signals import got_request_exception
from django.db.models.signals import pre_save
from django.test import Client
from django.views.debug import ExceptionReporter

from multinexo_oauth.models import AccessToken
from tests.conformance import proves
from tests.oauth import FORM, TOKEN, VERIFIER, basic


def refused(answer, error="invalid_request", status=400):
    assert answer.status_code == status, answer.content
    assert answer.json()["error"] == error
    assert answer["Cache-Control"] == "no-store"


@proves("token-malformed")
def test_a_missing_grant_type_is_an_invalid_request(web):
    refused(web.post(TOKEN, {}))


@proves("token-grant-type", "token-no-password")
@pytest.mark.parametrize("grant_type", ["password", "implicit", "magic", "ñ"])
def test_a_grant_type_the_server_lacks_is_unsupported(web, grant_type):
    refused(web.token(grant_type, username="luis", password="secret-of-luis"), "unsupported_grant_type")


@proves("token-kind", "service-token")
def test_a_kind_uses_its_own_grants_alone(web, spa, service):
    refused(web.token("client_credentials"), "unauthorized_client")
    refused(spa.token("client_credentials"), "unauthorized_client")
    refused(service.token("authorization_code", code="x"), "unauthorized_client")
    refused(service.token("refresh_token", refresh_token="x"), "unauthorized_client")


@proves("token-form")
def test_only_a_form_is_read(web):
    headers = {"Authorization": basic(web.client_id, web.secret)}
    refused(web.http.post(TOKEN, {"grant_type": "x"}, content_type="application/json", headers=headers))
    refused(web.http.post(TOKEN, {"grant_type": "x"}, headers=headers))


@proves("token-form", "client-body")
def test_parameters_in_the_query_string_are_refused(web):
    refused(web.post(f"{TOKEN}?code=x", {"grant_type": "authorization_code"}))


@proves("token-repeated")
@pytest.mark.parametrize("name", ["grant_type", "code", "client_id", "redirect_uri", "anything"])
def test_a_repeated_parameter_is_refused(web, name):
    refused(web.post(TOKEN, {"grant_type": "authorization_code", name: ["a", "a"]}))


@proves("token-post", "token-no-store")
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
def test_only_post_is_answered(db, method):
    answer = getattr(Client(), method)(TOKEN)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST, OPTIONS"
    assert answer["Cache-Control"] == "no-store"


@proves("token-malformed", "never-a-server-error")
@pytest.mark.parametrize(
    "body", [b"%zz=%zz", b"a=%00", b"\xff\xfe", b"&&&===", b"a=" + b"x" * 9000, b"a&" * 2000]
)
def test_a_malformed_body_is_refused_in_the_protocols_words(web, body):
    headers = {"Authorization": basic(web.client_id, web.secret)}
    refused(web.http.post(TOKEN, body, content_type=FORM, headers=headers))


@proves("token-form", "never-a-server-error")
def test_another_character_set_is_refused_in_the_protocols_words(web):
    headers = {"Authorization": basic(web.client_id, web.secret)}
    refused(web.http.post(TOKEN, b"a=b", content_type=f"{FORM}; charset=utf-16", headers=headers))


@proves("token-malformed", "cors-answers")
def test_a_malformed_body_of_a_page_is_refused_in_the_protocols_words_too(spa):
    body = b"a=b&" * 1100
    answer = spa.http.post(TOKEN, body, content_type=FORM, headers={"Origin": "https://spa.example"})
    refused(answer)
    assert "Access-Control-Allow-Origin" not in answer


@proves("never-told")
@pytest.mark.parametrize("exchange", ["code", "refresh token"])
def test_an_error_report_holds_no_credential(person, web, exchange):
    """Django writes the local variables of a failure's frames into its reports."""
    code, old = person.consent(web), person.tokens(web)["refresh_token"]
    reports = []

    def fail(*args, **kwargs):
        raise RuntimeError

    def report(sender, request, **kwargs):
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    pre_save.connect(fail, sender=AccessToken)
    web.http.raise_request_exception = False
    got_request_exception.connect(report)
    try:
        assert (web.exchange(code) if exchange == "code" else web.refresh(old)).status_code == 500
    finally:
        got_request_exception.disconnect(report)
        pre_save.disconnect(fail, sender=AccessToken)
    assert len(reports) == 1
    assert "RuntimeError" in reports[0]
    assert not [credential for credential in (web.secret, code, old, VERIFIER) if credential in reports[0]]
