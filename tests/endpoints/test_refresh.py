"""A refresh token is exchanged for a new pair (RFC 6749 section 6)."""

from datetime import timedelta

from django.utils import timezone

from multinexo_oauth.models import RefreshToken
from tests.conformance import proves


@proves("refresh-good", "refresh-rotation")
def test_a_refresh_token_is_exchanged_for_a_new_pair(web, tokens, products):
    answer = web.refresh(tokens["refresh_token"])
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != tokens["refresh_token"]
    assert products.list(answer.json()["access_token"]).status_code == 200


@proves("refresh-good", "client-public")
def test_a_public_client_refreshes_by_its_id(person, spa):
    assert spa.refresh(person.tokens(spa)["refresh_token"]).status_code == 200


@proves("refresh-scope")
def test_asking_for_less_once_does_not_shrink_the_grant(web, tokens):
    narrow = web.refresh(tokens["refresh_token"], scope="products:read").json()
    assert narrow["scope"] == "products:read"
    assert web.refresh(narrow["refresh_token"]).json()["scope"] == tokens["scope"]


@proves("refresh-grace")
def test_a_client_that_lost_the_answer_may_ask_again_for_a_short_while(web, tokens, products):
    lost = web.refresh(tokens["refresh_token"]).json()
    again = web.refresh(tokens["refresh_token"]).json()
    assert products.list(again["access_token"]).status_code == 200
    assert web.refresh(again["refresh_token"]).status_code == 200
    assert web.refresh(lost["refresh_token"]).json()["error"] == "invalid_grant"


@proves("refresh-rotation")
def test_one_refresh_token_of_a_family_is_live(web, tokens):
    web.refresh(tokens["refresh_token"])
    web.refresh(tokens["refresh_token"])
    assert RefreshToken.objects.live().count() == 1


@proves("refresh-lifetime")
def test_a_refresh_does_not_put_the_end_of_the_family_off(settings, person, spa):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "REFRESH_LIFETIME_SECONDS": 60}
    tokens = person.tokens(spa)
    soon = timezone.now() + timedelta(seconds=20)
    RefreshToken.objects.update(expires=soon)
    assert spa.refresh(tokens["refresh_token"]).status_code == 200
    assert RefreshToken.objects.live().get().expires == soon


@proves("refresh-lifetime")
def test_the_family_ends_when_its_lifetime_does(settings, person, web):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "REFRESH_LIFETIME_SECONDS": 60}
    newer = web.refresh(person.tokens(web)["refresh_token"]).json()
    end = RefreshToken.objects.live().get().expires
    assert end <= timezone.now() + timedelta(seconds=60)
    RefreshToken.objects.update(expires=timezone.now())
    assert web.refresh(newer["refresh_token"]).json()["error"] == "invalid_grant"
