"""Secrets: shown once, kept as digests, at most two live."""

import pytest

from multinexo_oauth.models import ClientSecret, Event, TooManySecrets
from multinexo_oauth.origin import Origin
from tests.conformance import proves


@proves("never-in-the-clear")
def test_only_a_digest_and_four_characters_are_kept(service):
    stored = repr(list(ClientSecret.objects.values()) + list(Event.objects.values()))
    assert service.secret not in stored
    assert ClientSecret.objects.get().last_four == service.secret[-4:]


@proves("client-secrets")
def test_two_may_be_live_and_no_more(service):
    ClientSecret.issue(service.application)
    with pytest.raises(TooManySecrets):
        ClientSecret.issue(service.application)
    assert service.application.secrets.count() == 2


@proves("client-secrets")
def test_revoking_one_makes_room(service):
    ClientSecret.issue(service.application)
    service.application.secrets.first().revoke()
    ClientSecret.issue(service.application)


@proves("client-secrets", "security-events")
def test_making_and_revoking_are_recorded_once(service, owner):
    secret = service.application.secrets.get()
    secret.revoke(Origin(owner))
    secret.revoke(Origin(owner))
    assert Event.objects.filter(action=Event.Action.SECRET_ISSUED).count() == 1
    assert Event.objects.get(action=Event.Action.SECRET_REVOKED).actor == owner
