"""A service gets a token for itself (RFC 6749 section 4.4)."""

import pytest
from django.contrib.auth import hashers
from django.db.models.signals import post_save

from multinexo_oauth.models import AccessToken, RefreshToken
from tests.conformance import proves


@proves("service-token", "service-no-refresh", "authorize-no-scope")
def test_a_service_gets_the_scopes_it_was_registered_for(service):
    answer = service.token("client_credentials").json()
    assert answer["scope"] == "products:read products:write"
    assert "refresh_token" not in answer
    assert not RefreshToken.objects.exists()


@proves("service-token")
def test_a_service_may_ask_for_less(service):
    assert service.token("client_credentials", scope="products:read").json()["scope"] == "products:read"


@proves("service-token")
@pytest.mark.parametrize("scope", ["documents:read", "unknown", "products:read documents:read", "ñ"])
def test_a_service_may_not_ask_for_more(service, scope):
    answer = service.token("client_credentials", scope=scope)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


@proves("service-token")
def test_its_token_belongs_to_nobody(service):
    service.token("client_credentials")
    assert AccessToken.objects.get().user is None


@proves("client-one-lookup")
def test_it_costs_no_password_hashing(service, monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("a password was hashed")

    monkeypatch.setattr(hashers, "check_password", fail)
    monkeypatch.setattr(hashers, "make_password", fail)
    assert service.token("client_credentials").status_code == 200


@proves("token-row-signals")
def test_a_stored_token_sends_djangos_signals(service):
    stored = []

    def note(instance, created, **kwargs):
        stored.append((AccessToken.objects.get(pk=instance.pk) == instance, created))

    post_save.connect(note, sender=AccessToken)
    try:
        assert service.token("client_credentials").status_code == 200
    finally:
        post_save.disconnect(note, sender=AccessToken)
    assert stored == [(True, True)]
