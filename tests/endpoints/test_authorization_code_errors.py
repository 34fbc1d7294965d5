"""Codes that are not good, and what becomes of the tokens of one that was used twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Consent, Event, Grant
from multinexo_oauth.signals import token_issued, token_reused
from tests.conformance import proves
from tests.oauth import register, s256


def after_the_grace_time():
    Grant.objects.exclude(redeemed_at=None).update(redeemed_at=timezone.now() - timedelta(seconds=11))


def refused(answer, error="invalid_grant", status=400):
    assert answer.status_code == status, answer.content
    assert answer.json()["error"] == error
    assert answer["Cache-Control"] == "no-store"


@proves("code-once")
def test_a_code_is_good_once(person, web):
    code = person.consent(web)
    assert web.exchange(code).status_code == 200
    refused(web.exchange(code))


@proves("code-once")
def test_a_code_used_twice_ends_every_token_that_came_of_it(person, web, products):
    code = person.consent(web)
    tokens = web.exchange(code).json()
    newer = web.refresh(tokens["refresh_token"]).json()
    after_the_grace_time()
    refused(web.exchange(code))
    assert products.list(tokens["access_token"]).status_code == 401
    assert products.list(newer["access_token"]).status_code == 401
    refused(web.refresh(newer["refresh_token"]))
    assert Event.objects.filter(action=Event.Action.CODE_REUSED, application=web.application).count() == 1


@proves("code-twin")
def test_a_callback_that_is_sent_twice_at_once_costs_the_client_nothing(person, web, products):
    code = person.consent(web)
    tokens = web.exchange(code).json()
    refused(web.exchange(code))
    assert products.list(tokens["access_token"]).status_code == 200
    assert web.refresh(tokens["refresh_token"]).status_code == 200
    assert not Event.objects.filter(action=Event.Action.CODE_REUSED).exists()


@proves("code-twin", "code-once")
@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": None},
        {"code_verifier": "short"},
        {"redirect_uri": "https://web.example/other"},
        {"redirect_uri": None},
    ],
)
def test_a_used_code_from_somebody_who_lacks_what_the_client_knows_ends_its_tokens(
    person, web, products, changes
):
    code = person.consent(web)
    tokens = web.exchange(code).json()
    assert web.exchange(code, **changes).status_code == 400
    assert products.list(tokens["access_token"]).status_code == 401
    assert Event.objects.filter(action=Event.Action.CODE_REUSED).count() == 1


@proves("code-twin")
@pytest.mark.parametrize(("seconds", "lives"), [(9, True), (10, False)])
def test_the_grace_time_of_a_code_counts_from_its_exchange_to_its_end(person, web, products, seconds, lives):
    code = person.consent(web)
    tokens = web.exchange(code).json()
    Grant.objects.update(redeemed_at=timezone.now() - timedelta(seconds=seconds))
    refused(web.exchange(code))
    assert products.list(tokens["access_token"]).status_code == (200 if lives else 401)


@proves("code-once")
def test_a_used_code_is_only_expired_after_its_lifetime(person, web, products):
    code = person.consent(web)
    tokens = web.exchange(code).json()
    Grant.objects.update(redeemed_at=timezone.now() - timedelta(minutes=2), expires=timezone.now())
    refused(web.exchange(code))
    assert products.list(tokens["access_token"]).status_code == 200


@proves("code-alarm", "access-ends-consent")
def test_a_code_whose_consent_was_removed_is_unknown_and_no_alarm(person, web):
    code = person.consent(web)
    remove_consent(Consent.objects.get())
    refused(web.exchange(code))
    assert not Event.objects.filter(action=Event.Action.CODE_REUSED).exists()


@proves("code-client")
def test_another_client_cannot_use_the_code_nor_end_its_tokens(person, owner, web, products):
    code = person.consent(web)
    tokens = web.exchange(code).json()
    thief = register(owner, "web", redirect_uris="https://web.example/callback")
    refused(thief.exchange(code))
    assert products.list(tokens["access_token"]).status_code == 200


@proves("code-redirect-uri")
@pytest.mark.parametrize("redirect_uri", ["https://web.example/other", None], ids=["another", "left out"])
def test_the_redirect_uri_must_be_the_one_of_the_request(person, web, redirect_uri):
    refused(web.exchange(person.consent(web), redirect_uri=redirect_uri))


@proves("code-verifier", "code-verifier-form")
@pytest.mark.parametrize("verifier", ["w" * 43, "short", "ñ" * 43])
def test_the_verifier_must_fit_the_challenge(person, web, verifier):
    refused(web.exchange(person.consent(web), code_verifier=verifier))


@proves("code-verifier")
def test_a_missing_verifier_is_refused(person, web):
    refused(web.exchange(person.consent(web), code_verifier=None), "invalid_request")


@proves("code-no-challenge")
def test_a_verifier_for_a_code_without_a_challenge_is_refused(person, web):
    code = person.consent(web)
    Grant.objects.update(code_challenge="", code_challenge_method="")
    answer = web.exchange(code)
    refused(answer)
    assert "code_verifier" in answer.json()["error_description"]


@proves("code-retry")
def test_a_failed_exchange_leaves_the_code_good(person, web):
    code = person.consent(web)
    refused(web.exchange(code, code_verifier="w" * 43))
    assert web.exchange(code).status_code == 200


@proves("authorize-code-expires")
def test_an_expired_code_is_refused(person, web):
    code = person.consent(web)
    Grant.objects.update(expires=timezone.now())
    refused(web.exchange(code))


@proves("access-ends-person")
def test_the_code_of_a_deactivated_person_is_refused(person, web):
    code = person.consent(web)
    person.user.is_active = False
    person.user.save()
    refused(web.exchange(code))


@proves("access-ends-application")
def test_the_code_of_a_suspended_application_is_refused(person, web):
    code = person.consent(web)
    web.application.suspend()
    refused(web.exchange(code), "invalid_client", 401)


@proves("token-malformed", "never-a-server-error")
@pytest.mark.parametrize("code", ["", "unknown", "\x00", "x" * 9000, "ñ", "%zz"])
def test_garbage_for_a_code_is_refused_in_the_protocols_words(web, code):
    answer = web.exchange(code)
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_grant", "invalid_request"}


@proves("access-ends-consent")
def test_a_code_is_good_as_long_as_its_consent_stands(person, web):
    code = person.consent(web)
    Consent.objects.all().delete()
    refused(web.exchange(code))


@proves("receivers")
def test_a_receiver_that_fails_undoes_no_revocation_and_no_answer(
    person, web, products, django_capture_on_commit_callbacks
):
    def fail(**kwargs):
        raise RuntimeError

    token_reused.connect(fail)
    token_issued.connect(fail)
    try:
        code = person.consent(web)
        tokens = web.exchange(code).json()
        after_the_grace_time()
        with django_capture_on_commit_callbacks(execute=True):
            refused(web.exchange(code))
        assert products.list(tokens["access_token"]).status_code == 401
    finally:
        token_reused.disconnect(fail)
        token_issued.disconnect(fail)


@proves("code-verifier-form")
@pytest.mark.parametrize(
    ("verifier", "status"), [("x" * 42, 400), ("x" * 43, 200), ("x" * 128, 200), ("x" * 129, 400)]
)
def test_a_verifier_has_43_to_128_characters_though_it_is_that_of_the_challenge(
    person, web, verifier, status
):
    code = person.consent(web, code_challenge=s256(verifier))
    assert web.exchange(code, code_verifier=verifier).status_code == status
