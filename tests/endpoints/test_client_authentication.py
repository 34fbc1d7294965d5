"""Who may speak for a client, and who may not (RFC 6749 section 2.3)."""

import base64
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from multinexo_oauth.models import ClientSecret
from tests.conformance import proves
from tests.oauth import basic


def refused(answer):
    assert answer.status_code == 401, answer.content
    assert answer.json()["error"] == "invalid_client"
    assert answer["WWW-Authenticate"].startswith("Basic realm=")


@proves("client-basic-case")
def test_the_header_s_scheme_is_read_in_any_letter_case(service):
    header = basic(service.client_id, service.secret).replace("Basic", "bAsIc")
    assert (
        service.post(
            "/auth/v1/token/", {"grant_type": "client_credentials"}, Authorization=header
        ).status_code
        == 200
    )


@proves("client-basic", "client-secrets")
def test_two_live_secrets_work_side_by_side_until_one_is_revoked(service):
    second, value = ClientSecret.issue(service.application, "next")
    first = service.secret
    assert service.token("client_credentials").status_code == 200
    service.secret = value
    assert service.token("client_credentials").status_code == 200
    second.revoke()
    refused(service.token("client_credentials"))
    service.secret = first
    assert service.token("client_credentials").status_code == 200


@proves("client-refused", "never-a-server-error")
@pytest.mark.parametrize("secret", ["wrong", "\x00", "ñ", "x" * 5000])
def test_a_wrong_secret_authenticates_nobody(service, secret):
    service.secret = secret
    refused(service.token("client_credentials"))


@proves("client-empty-secret", "client-waived-for-none")
def test_an_empty_secret_authenticates_nobody(service):
    header = {"Authorization": basic(service.client_id, "")}
    refused(service.post("/auth/v1/token/", {"grant_type": "client_credentials"}, **header))
    service.secret = None
    refused(service.token("client_credentials", client_secret=""))
    refused(service.token("client_credentials"))


@proves("client-secrets")
def test_an_expired_secret_authenticates_nobody(service):
    ClientSecret.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused(service.token("client_credentials"))


@proves("client-refused")
def test_another_clients_secret_authenticates_nobody(service, web):
    service.secret = web.secret
    refused(service.token("client_credentials"))


@proves("client-refused-alike")
def test_an_unknown_client_hears_the_same_as_one_with_a_wrong_secret(service):
    service.secret = "wrong"
    wrong = service.token("client_credentials")
    service.client_id = "unknown"
    unknown = service.token("client_credentials")
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)


@proves("client-refused-alike", "client-one-lookup")
@pytest.mark.parametrize(
    "wrong", ["an unknown client", "a wrong secret", "a revoked secret", "a public client"]
)
def test_a_failed_authentication_costs_one_query(service, spa, wrong, django_assert_num_queries):
    ClientSecret.objects.get().revoke()
    client_id = {"an unknown client": "unknown", "a public client": spa.client_id}.get(
        wrong, service.client_id
    )
    header = basic(client_id, "wrong" if wrong == "a wrong secret" else service.secret)
    with django_assert_num_queries(1):
        refused(service.post("/auth/v1/token/", {"grant_type": "client_credentials"}, Authorization=header))


@proves("client-one-method")
def test_header_and_body_together_are_an_invalid_request(service):
    answer = service.token("client_credentials", client_id=service.client_id, client_secret=service.secret)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


@proves("client-one-method")
def test_a_wrong_header_is_not_rescued_by_the_body(service):
    secret, service.secret = service.secret, "wrong"
    refused(service.token("client_credentials"))
    answer = service.token("client_credentials", client_secret=secret)
    assert answer.json()["error"] == "invalid_request"


@proves("client-two-ids")
def test_two_different_client_ids_are_an_invalid_request(service):
    assert service.token("client_credentials", client_id="another").json()["error"] == "invalid_request"


@proves("client-refused")
@pytest.mark.parametrize(
    "header", ["Basic", "Basic ", "Basic %%%", "Bearer x", "Basic " + base64.b64encode(b"\xff").decode()]
)
def test_a_malformed_header_authenticates_nobody(service, header):
    refused(service.post("/auth/v1/token/", {"grant_type": "client_credentials"}, Authorization=header))


@proves("client-public")
def test_a_public_client_is_known_by_its_id_and_may_send_no_secret(spa):
    assert spa.refresh("unknown").json()["error"] == "invalid_grant"
    refused(spa.refresh("unknown", client_secret="anything"))


@proves("client-refused")
def test_nobody_at_all_is_refused(spa):
    spa.client_id = ""
    refused(spa.refresh("unknown"))


@proves("client-public", "client-refused")
@pytest.mark.parametrize("client_id", ["unknown", "x" * 300, "ñ"])
def test_an_unknown_public_client_is_refused(spa, client_id):
    spa.client_id = client_id
    refused(spa.refresh("unknown"))


@proves("never-told")
def test_a_failure_is_logged_without_the_secret(service, caplog):
    service.secret = "a secret that is wrong"
    with caplog.at_level(logging.DEBUG):
        refused(service.token("client_credentials"))
    record = next(record for record in caplog.records if record.name == "multinexo_oauth.security")
    assert record.client_id == service.client_id
    assert "a secret that is wrong" not in repr(
        [vars(record) for record in caplog.records if record.name != "django.request"]
    )


def test_the_use_of_a_secret_is_noted(service):
    service.token("client_credentials")
    assert ClientSecret.objects.get().last_used_at is not None


@proves("client-refused")
def test_a_brand_that_no_header_could_carry_breaks_no_challenge(web, site):
    site(BRAND_NAME='Yerba "Mate"\nñandú')
    web.secret = "wrong"
    assert web.refresh("any")["WWW-Authenticate"] == 'Basic realm="Yerba Mateand"'


@proves("client-refused")
@pytest.mark.parametrize("change", [str.swapcase, "{} ".format])
def test_a_client_id_is_itself_alone_whatever_the_database_takes_for_the_same(person, spa, change):
    code = person.consent(spa)
    spa.client_id = change(spa.client_id)
    answer = spa.exchange(code)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


@proves("client-refused")
def test_a_good_secret_with_other_characters_strewn_in_is_malformed(service):
    encoded = basic(service.client_id, service.secret).removeprefix("Basic ")
    for header in (f"Basic %{encoded}", f"Basic {encoded[:8]}!{encoded[8:]}"):
        refused(service.post("/auth/v1/token/", {"grant_type": "client_credentials"}, Authorization=header))


@proves("client-refused")
def test_a_kind_without_secrets_is_not_known_by_one(person, spa):
    code = person.consent(spa)
    _secret, spa.secret = ClientSecret.issue(spa.application)
    refused(spa.exchange(code))
