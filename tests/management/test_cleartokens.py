"""`cleartokens` deletes what nothing asks about any more, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from multinexo_oauth.models import AccessToken, Application, Consent, DeviceGrant, Event, Grant, RefreshToken
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.device import started, tokens as device_tokens

pytestmark = proves("cleartokens")


def clear(**options):
    output = StringIO()
    call_command("cleartokens", stdout=output, **options)
    return output.getvalue()


def ago(**time):
    return timezone.now() - timedelta(**time)


def test_nothing_that_lives_is_deleted(person, web, device, tokens, products):
    code = person.consent(web)
    codes = started(device)
    clear()
    assert products.list(tokens["access_token"]).status_code == 200
    assert web.refresh(tokens["refresh_token"]).status_code == 200
    assert web.exchange(code).status_code == 200
    assert DeviceGrant.objects.filter(device_code=digest(codes["device_code"])).exists()
    assert Consent.objects.count() == 1
    assert Event.objects.exists()


@pytest.mark.parametrize("model", [Grant, AccessToken, RefreshToken, DeviceGrant])
def test_what_has_expired_is_deleted(person, web, device, tokens, model):
    device_tokens(person, device)
    model.objects.update(expires=ago(seconds=1))
    clear()
    assert not model.objects.exists()


def test_a_redeemed_code_stays_until_it_expires_so_that_a_replay_is_seen(person, web, products):
    code = person.consent(web)
    access_token = web.exchange(code).json()["access_token"]
    clear()
    Grant.objects.update(redeemed_at=ago(seconds=11))
    assert web.exchange(code).json()["error"] == "invalid_grant"
    assert products.list(access_token).status_code == 401


def test_a_refresh_token_outlives_its_access_tokens(web, tokens):
    AccessToken.objects.update(expires=ago(days=30))
    clear()
    assert not AccessToken.objects.exists()
    assert web.refresh(tokens["refresh_token"]).status_code == 200


def test_a_replaced_refresh_token_stays_so_that_its_reuse_ends_the_family(person, spa):
    old = person.tokens(spa)["refresh_token"]
    newest = spa.refresh(old).json()["refresh_token"]
    RefreshToken.objects.exclude(replaced_at=None).update(replaced_at=ago(days=29))
    clear()
    assert spa.refresh(old).json()["error"] == "invalid_grant"
    assert spa.refresh(newest).json()["error"] == "invalid_grant"


def test_replaced_refresh_tokens_go_where_the_operator_says_so(person, spa):
    old = person.tokens(spa)["refresh_token"]
    newest = spa.refresh(old).json()["refresh_token"]
    RefreshToken.objects.exclude(replaced_at=None).update(replaced_at=ago(days=3))
    clear(replaced_days=2)
    assert spa.refresh(old).json()["error"] == "invalid_grant"
    assert spa.refresh(newest).status_code == 200


def test_a_revoked_refresh_token_stays_a_week(web, tokens):
    web.revoke(tokens["refresh_token"])
    clear()
    assert RefreshToken.objects.exists()
    RefreshToken.objects.update(revoked=ago(days=8))
    clear()
    assert not RefreshToken.objects.exists()
    assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_old_events_are_deleted(tokens):
    kept = set(Event.objects.all())
    old = Event.objects.create(action=Event.Action.CHANGED, application_name="Tienda")
    Event.objects.filter(pk=old.pk).update(at=ago(days=366))
    clear()
    assert kept
    assert set(Event.objects.all()) == kept


@pytest.mark.parametrize(("days", "kept"), [(30, 1), (None, 2)])
def test_a_site_says_how_long_events_stay(web, settings, days, kept):
    Event.objects.all().delete()
    for age in (29, 400):
        old = Event.objects.create(action=Event.Action.CHANGED, application_name="Tienda")
        Event.objects.filter(pk=old.pk).update(at=ago(days=age))
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "EVENT_DAYS": days}
    clear()
    assert Event.objects.count() == kept
    clear(event_days=10)
    assert not Event.objects.exists()


def stranger_at(age, **fields):
    """Store an application that registered itself so long ago."""
    fields = {"registration_source": "dcr", "kind": "native", "name": "Agente"} | fields
    application = Application.objects.create(redirect_uris="http://127.0.0.1/cb", **fields)
    Application.objects.filter(pk=application.pk).update(created=ago(days=age))
    return application


@proves("self-registered-cleaned")
@pytest.mark.parametrize("source", ["dcr", "cimd"])
def test_an_application_that_registered_itself_and_nobody_uses_is_deleted(db, source):
    stranger_at(31, registration_source=source)
    young = stranger_at(29, registration_source=source)
    clear()
    assert Application.objects.get() == young
    clear(unused_days=28)
    assert not Application.objects.exists()


@proves("self-registered-cleaned")
def test_an_application_stays_that_somebody_uses_or_answers_for(person, web, native, owner):
    used = stranger_at(31)
    Consent.record(person.user, used, ["products:read"])
    suspended = stranger_at(31)
    suspended.suspend()
    kept = [used, suspended, stranger_at(31, verified=True), stranger_at(31, user=owner)]
    Application.objects.filter(registration_source="manual").update(created=ago(days=31))
    clear()
    assert set(Application.objects.all()) == {*kept, web.application, native.application}


def test_many_rows_go_in_small_batches(web, tokens, django_assert_max_num_queries):
    rows = [
        AccessToken(application=web.application, token_checksum=digest(str(n)), scope="", expires=ago(days=1))
        for n in range(25)
    ]
    AccessToken.objects.bulk_create(rows)
    with django_assert_max_num_queries(7 + 2 * 3 + 10):
        output = clear(batch_size=10)
    assert AccessToken.objects.count() == 1
    assert ": 25" in output


def test_it_can_be_quiet(db):
    assert clear(verbosity=0) == ""
