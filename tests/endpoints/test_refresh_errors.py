"""Refresh tokens that are not good, and what ends with them (RFC 9700 section 4.14.2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Application, Consent, Event, RefreshToken
from tests.conformance import proves
from tests.oauth import after_the_grace_time, register


def refused(answer, error="invalid_grant", status=400):
    assert answer.status_code == status, answer.content
    assert answer.json()["error"] == error


@pytest.fixture
def public_tokens(person, spa):
    return person.tokens(spa)


@proves("refresh-reuse")
def test_reuse_ends_every_token_of_the_family(spa, public_tokens, products):
    newest = spa.refresh(public_tokens["refresh_token"]).json()
    after_the_grace_time()
    refused(spa.refresh(public_tokens["refresh_token"]))
    refused(spa.refresh(newest["refresh_token"]))
    assert products.list(newest["access_token"]).status_code == 401
    assert Event.objects.filter(action=Event.Action.REFRESH_TOKEN_REUSED).count() == 1


@proves("refresh-reuse")
def test_reuse_leaves_the_persons_other_sessions_alone(person, spa, public_tokens):
    other = person.tokens(spa)
    spa.refresh(public_tokens["refresh_token"])
    after_the_grace_time()
    refused(spa.refresh(public_tokens["refresh_token"]))
    assert spa.refresh(other["refresh_token"]).status_code == 200


@proves("refresh-client")
def test_another_client_can_neither_use_a_refresh_token_nor_end_its_family(owner, spa, public_tokens):
    newest = spa.refresh(public_tokens["refresh_token"]).json()
    after_the_grace_time()
    thief = register(owner, "web", redirect_uris="https://thief.example/")
    refused(thief.refresh(public_tokens["refresh_token"]))
    refused(thief.refresh(newest["refresh_token"]))
    assert spa.refresh(newest["refresh_token"]).status_code == 200


@proves("refresh-reuse", "refresh-grace")
def test_a_thief_in_the_grace_time_gains_no_branch_of_its_own(spa, public_tokens):
    honest = spa.refresh(public_tokens["refresh_token"]).json()
    stolen = spa.refresh(public_tokens["refresh_token"]).json()
    spa.refresh(honest["refresh_token"])
    after_the_grace_time()
    refused(spa.refresh(stolen["refresh_token"]))
    assert not RefreshToken.objects.live().exists()
    assert Event.objects.filter(action=Event.Action.REFRESH_TOKEN_REUSED).exists()


@proves("refresh-reuse", "refresh-idle")
def test_a_replaced_token_that_has_grown_idle_still_ends_the_family_that_is_used(
    spa, public_tokens, settings
):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "REFRESH_IDLE_SECONDS": 60}
    newest = spa.refresh(public_tokens["refresh_token"]).json()
    after_the_grace_time()
    RefreshToken.objects.exclude(replaced_at=None).update(last_used_at=timezone.now() - timedelta(seconds=61))
    refused(spa.refresh(public_tokens["refresh_token"]))
    refused(spa.refresh(newest["refresh_token"]))
    assert Event.objects.filter(action=Event.Action.REFRESH_TOKEN_REUSED).exists()


@proves("refresh-scope")
@pytest.mark.parametrize("scope", ["documents:read", "products:read documents:read", "unknown"])
def test_asking_for_more_than_was_granted_is_refused(web, tokens, scope):
    refused(web.refresh(tokens["refresh_token"], scope=scope), "invalid_scope")


@proves("refresh-consent")
def test_a_narrower_consent_narrows_what_is_refreshed(web, tokens):
    Consent.objects.update(scope="products:read")
    assert web.refresh(tokens["refresh_token"]).json()["scope"] == "products:read"


@proves("refresh-consent")
def test_what_the_application_may_no_longer_ask_for_is_not_refreshed(web, tokens):
    web.application.scopes = "products:read"
    web.application.save()
    assert web.refresh(tokens["refresh_token"]).json()["scope"] == "products:read"


@proves("access-ends-consent")
def test_a_removed_consent_ends_the_tokens(web, tokens, products):
    remove_consent(Consent.objects.get())
    refused(web.refresh(tokens["refresh_token"]))
    assert products.list(tokens["access_token"]).status_code == 401


@proves("access-ends-person")
def test_a_deactivated_persons_tokens_end(person, web, tokens, products):
    person.user.is_active = False
    person.user.save()
    refused(web.refresh(tokens["refresh_token"]))
    assert products.list(tokens["access_token"]).status_code == 401


@proves("access-ends-application")
def test_a_suspended_applications_tokens_rest_until_it_is_reactivated(web, tokens, products):
    web.application.suspend()
    refused(web.refresh(tokens["refresh_token"]), "invalid_client", 401)
    assert products.list(tokens["access_token"]).status_code == 401
    web.application.reactivate()
    assert products.list(tokens["access_token"]).status_code == 200


@proves("access-ends-application")
def test_a_deleted_applications_tokens_end(web, tokens, products):
    web.application.delete()
    refused(web.refresh(tokens["refresh_token"]), "invalid_client", 401)
    assert products.list(tokens["access_token"]).status_code == 401


@proves("owner-deleted")
def test_a_deleted_owners_application_is_suspended_not_deleted(owner, web):
    owner.delete()
    web.application.refresh_from_db()
    assert web.application.is_suspended
    assert web.application.user is None


@proves("token-malformed")
def test_a_missing_token_is_an_invalid_request(web):
    refused(web.token("refresh_token"), "invalid_request")


def end_by_number():
    """End every refresh token as staff does for an application with very many, whose rows are deleted later."""
    newest = RefreshToken.objects.order_by("pk").last().pk
    Application.objects.update(refresh_tokens_ended_through=newest)


@proves("ending-many")
def test_a_token_that_was_replaced_and_then_ended_with_all_others_is_no_alarm(person, spa):
    replaced = person.tokens(spa)["refresh_token"]
    assert spa.refresh(replaced).status_code == 200
    after_the_grace_time()
    end_by_number()
    refused(spa.refresh(replaced))
    assert not Event.objects.filter(action=Event.Action.REFRESH_TOKEN_REUSED).exists()


@proves("ending-many")
@pytest.mark.parametrize("kind", ["web", "spa"])
def test_a_refresh_that_had_read_its_token_when_all_others_ended_is_refused(person, request, kind):
    client = request.getfixturevalue(kind)
    token = person.tokens(client)["refresh_token"]
    ended: list[Any] = []

    def end_meanwhile(execute, sql, *rest):
        found = execute(sql, *rest)
        if RefreshToken._meta.db_table in sql and not ended:
            ended.append(sql)
            end_by_number()
        return found

    with connection.execute_wrapper(end_meanwhile):
        refused(client.refresh(token))
    assert ended[0].startswith("SELECT")
