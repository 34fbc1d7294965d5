"""A refresh token is exchanged for an access token (RFC 6749 section 6), and kept or replaced."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from multinexo_oauth.models import Consent, RefreshToken
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import OAuthClient, Person


@pytest.fixture
def public_tokens(person: Person, spa: OAuthClient) -> dict[str, Any]:
    """The answer to the exchange of a code by a client without a secret."""
    return person.tokens(spa)


@pytest.fixture
def setting(settings: Any) -> Any:
    def change(**values: Any) -> None:
        settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, **values}

    return change


def age(**time: float) -> None:
    """Let time pass for every refresh token."""
    passed = timedelta(**time)
    for token in RefreshToken.objects.all():
        RefreshToken.objects.filter(pk=token.pk).update(
            created=token.created - passed,
            last_used_at=token.last_used_at - passed,
            expires=token.expires and token.expires - passed,
            replaced_at=token.replaced_at and token.replaced_at - passed,
        )


@proves("refresh-good", "refresh-kept")
def test_a_confidential_client_gets_an_access_token_and_keeps_its_refresh_token(web, tokens, products):
    for _time in range(3):
        answer = web.refresh(tokens["refresh_token"])
        assert answer.status_code == 200
        assert answer.json()["refresh_token"] == tokens["refresh_token"]
        assert products.list(answer.json()["access_token"]).status_code == 200
    assert RefreshToken.objects.count() == 1


@proves("refresh-kept")
def test_a_kept_refresh_token_stays_good_after_the_grace_time(web, tokens):
    web.refresh(tokens["refresh_token"])
    age(days=365)
    assert web.refresh(tokens["refresh_token"]).status_code == 200


@proves("refresh-rotation", "client-public")
def test_a_public_client_gets_a_new_pair(spa, public_tokens, products):
    answer = spa.refresh(public_tokens["refresh_token"])
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != public_tokens["refresh_token"]
    assert products.list(answer.json()["access_token"]).status_code == 200
    assert RefreshToken.objects.live().get().token_checksum == digest(answer.json()["refresh_token"])


@proves("refresh-rotation")
def test_a_site_has_the_refresh_tokens_of_all_clients_replaced(web, tokens, setting):
    setting(REFRESH_ROTATION="all")
    newer = web.refresh(tokens["refresh_token"]).json()["refresh_token"]
    assert newer != tokens["refresh_token"]
    assert web.refresh(newer).status_code == 200


@proves("refresh-rotation")
def test_a_token_that_was_replaced_before_the_setting_changed_is_still_answered_by_its_successor(
    web, tokens, setting
):
    setting(REFRESH_ROTATION="all")
    newer = web.refresh(tokens["refresh_token"]).json()["refresh_token"]
    setting(REFRESH_ROTATION="public")
    assert web.refresh(tokens["refresh_token"]).json()["refresh_token"] == newer
    assert web.refresh(newer).json()["refresh_token"] == newer


@proves("refresh-grace")
def test_an_old_token_within_the_grace_time_gets_the_same_successor_again(spa, public_tokens, products):
    first = spa.refresh(public_tokens["refresh_token"]).json()
    again = spa.refresh(public_tokens["refresh_token"]).json()
    assert again["refresh_token"] == first["refresh_token"]
    for answer in (first, again):
        assert products.list(answer["access_token"]).status_code == 200
    assert spa.refresh(again["refresh_token"]).status_code == 200


@proves("refresh-grace")
def test_an_old_token_gets_the_same_successor_though_that_was_exchanged_meanwhile(spa, public_tokens):
    first = spa.refresh(public_tokens["refresh_token"]).json()["refresh_token"]
    second = spa.refresh(first).json()["refresh_token"]
    assert spa.refresh(public_tokens["refresh_token"]).json()["refresh_token"] == first
    assert spa.refresh(first).json()["refresh_token"] == second


@proves("refresh-grace")
def test_a_new_secret_key_within_the_grace_time_changes_no_successor(spa, public_tokens, settings):
    first = spa.refresh(public_tokens["refresh_token"]).json()["refresh_token"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the same site, as long as such keys are"
    assert spa.refresh(public_tokens["refresh_token"]).json()["refresh_token"] == first


@proves("refresh-grace")
def test_a_successor_cannot_be_told_from_the_database_alone(spa, public_tokens):
    newer = spa.refresh(public_tokens["refresh_token"]).json()["refresh_token"]
    for row in RefreshToken.objects.values():
        kept = " ".join(map(str, row.values()))
        assert newer not in kept
        assert public_tokens["refresh_token"] not in kept


@proves("refresh-rotation")
def test_one_refresh_token_of_a_family_is_live(spa, public_tokens):
    spa.refresh(public_tokens["refresh_token"])
    spa.refresh(public_tokens["refresh_token"])
    assert RefreshToken.objects.live().count() == 1


@proves("refresh-scope")
@pytest.mark.parametrize("kind", ["web", "spa"])
def test_asking_for_less_once_does_not_shrink_the_grant(person, request, kind):
    client = request.getfixturevalue(kind)
    tokens = person.tokens(client)
    narrow = client.refresh(tokens["refresh_token"], scope="products:read").json()
    assert narrow["scope"] == "products:read"
    assert client.refresh(narrow["refresh_token"]).json()["scope"] == tokens["scope"]


@proves("refresh-lifetime")
@pytest.mark.parametrize("kind", ["web", "spa"])
def test_the_family_ends_when_its_lifetime_does(setting, person, request, kind):
    setting(REFRESH_LIFETIME_SECONDS=60)
    client = request.getfixturevalue(kind)
    token = person.tokens(client)["refresh_token"]
    age(seconds=50)
    newer = client.refresh(token).json()["refresh_token"]
    assert client.refresh(newer).status_code == 200
    age(seconds=11)
    assert client.refresh(newer).json()["error"] == "invalid_grant"


@proves("refresh-lifetime")
def test_a_refresh_does_not_put_the_end_of_the_family_off(setting, person, spa):
    setting(REFRESH_LIFETIME_SECONDS=60)
    token = person.tokens(spa)["refresh_token"]
    soon = timezone.now() + timedelta(seconds=20)
    RefreshToken.objects.update(expires=soon)
    assert spa.refresh(token).status_code == 200
    assert RefreshToken.objects.live().get().expires == soon


@proves("refresh-idle")
@pytest.mark.parametrize("kind", ["web", "spa"])
def test_a_family_that_nobody_uses_ends_and_one_that_is_used_goes_on(setting, person, request, kind):
    setting(REFRESH_IDLE_SECONDS=60)
    client = request.getfixturevalue(kind)
    token = person.tokens(client)["refresh_token"]
    for _time in range(3):
        age(seconds=50)
        token = client.refresh(token).json()["refresh_token"]
    age(seconds=61)
    assert client.refresh(token).json()["error"] == "invalid_grant"
    assert not RefreshToken.objects.live().exists()


@proves("refresh-idle")
def test_the_clean_up_deletes_families_that_nobody_used(setting, web, tokens):
    setting(REFRESH_IDLE_SECONDS=60)
    age(seconds=61)
    call_command("cleartokens", verbosity=0)
    assert not RefreshToken.objects.exists()


@proves("refresh-outlived")
def test_an_access_token_lives_on_to_its_end_after_its_refresh_token_was_exchanged(
    spa, public_tokens, products
):
    spa.refresh(public_tokens["refresh_token"])
    assert products.list(public_tokens["access_token"]).status_code == 200


@proves("refresh-cleaned")
def test_a_replaced_token_is_forgotten_after_the_days_of_the_setting(setting, spa, public_tokens):
    setting(REFRESH_REUSE_DAYS=30)
    newer = spa.refresh(public_tokens["refresh_token"]).json()["refresh_token"]
    age(days=29)
    call_command("cleartokens", verbosity=0)
    assert RefreshToken.objects.count() == 2
    age(days=2)
    call_command("cleartokens", verbosity=0)
    assert RefreshToken.objects.get().token_checksum == digest(newer)
    assert spa.refresh(public_tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert spa.refresh(newer).status_code == 200


@proves("refresh-cleaned")
def test_a_replaced_token_stays_where_the_setting_is_none(setting, spa, public_tokens):
    setting(REFRESH_REUSE_DAYS=None)
    spa.refresh(public_tokens["refresh_token"])
    age(days=1000)
    call_command("cleartokens", verbosity=0)
    assert RefreshToken.objects.count() == 2


def test_the_grace_time_excludes_its_last_instant(spa, public_tokens):
    spa.refresh(public_tokens["refresh_token"])
    RefreshToken.objects.exclude(replaced_at=None).update(replaced_at=timezone.now() - timedelta(seconds=10))
    assert spa.refresh(public_tokens["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(("seconds", "status"), [(9.999, 200), (10, 400)])
def test_the_grace_time_is_over_with_its_last_instant(spa, public_tokens, monkeypatch, seconds, status):
    now = timezone.now()
    spa.refresh(public_tokens["refresh_token"])
    RefreshToken.objects.exclude(replaced_at=None).update(replaced_at=now)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=seconds))
    assert spa.refresh(public_tokens["refresh_token"]).status_code == status


@proves("refresh-rotation")
def test_a_successor_cannot_be_derived_from_the_old_token_without_the_salt_of_its_row(spa, public_tokens):
    spa.refresh(public_tokens["refresh_token"])
    RefreshToken.objects.exclude(replaced_at=None).update(successor_salt="another")
    assert spa.refresh(public_tokens["refresh_token"]).json()["error"] == "invalid_grant"


@proves("refresh-consent")
def test_what_the_consent_holds_no_longer_leaves_the_refresh_token_for_good(person, spa, public_tokens):
    Consent.objects.update(scope="products:read")
    newer = spa.refresh(public_tokens["refresh_token"]).json()["refresh_token"]
    person.consent(spa)
    assert Consent.objects.get().scope_names == ["products:read", "products:write"]
    assert spa.refresh(newer).json()["scope"] == "products:read"


@proves("resource-narrowed", "refresh-rotation")
def test_a_replaced_token_s_successor_is_for_the_same_resource(person, spa, products):
    elsewhere, here = "http://testserver/api/v1/companies/", "http://testserver/api/v1/products/"
    token = person.tokens(spa, resource=elsewhere)["refresh_token"]
    for _time in range(2):
        answer = spa.refresh(token).json()
        assert products.list(answer["access_token"]).status_code == 401
        token = answer["refresh_token"]
    assert spa.refresh(token, resource=here).json()["error"] == "invalid_target"
