"""What operators hear of: one log record and one signal for each thing, once it stands, and never a credential."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import transaction
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Application, ClientSecret, Consent, Event, Grant
from multinexo_oauth.origin import Origin
from multinexo_oauth.signals import event_recorded, token_reused
from tests.conformance import proves
from tests.mailer import managers, send_by
from tests.oauth import after_the_grace_time

pytestmark = proves("security-log", "security-events")


class Heard:
    """The signals and the records of one test."""

    def __init__(self, caplog):
        self.caplog = caplog
        self.events = []

    def hear(self, event, **kwargs):
        self.events.append(event)

    @property
    def records(self):
        return [record for record in self.caplog.records if record.name == "multinexo_oauth.security"]


@pytest.fixture
def heard(caplog):
    caplog.set_level(logging.INFO, "multinexo_oauth.security")
    heard = Heard(caplog)
    event_recorded.connect(heard.hear)
    yield heard
    event_recorded.disconnect(heard.hear)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something, and then what waits for it to stand."""

    def act(function):
        with django_capture_on_commit_callbacks(execute=True):
            return function()

    return act


@pytest.fixture
def actions(service, web, person, owner):
    secret = service.application.secrets.get()
    code = person.consent(web)
    web.exchange(code)
    return {
        "secret_issued": lambda: ClientSecret.issue(service.application, origin=Origin(owner, "203.0.113.7")),
        "secret_revoked": lambda: secret.revoke(origin=Origin(owner, "203.0.113.7")),
        "suspended": lambda: service.application.suspend(origin=Origin(owner, "203.0.113.7")),
        "reactivated": lambda: service.application.reactivate(origin=Origin(owner, "203.0.113.7")),
        "consent_removed": lambda: remove_consent(Consent.objects.get(), origin=Origin(owner, "203.0.113.7")),
    }


@pytest.mark.parametrize(
    ("action", "level"),
    [
        ("secret_issued", logging.INFO),
        ("secret_revoked", logging.INFO),
        ("suspended", logging.WARNING),
        ("reactivated", logging.INFO),
        ("consent_removed", logging.INFO),
    ],
)
def test_each_has_one_record_one_signal_and_one_event(actions, heard, committed, owner, action, level):
    committed(actions[action])
    (record,), (event,) = heard.records, heard.events
    assert (record.levelno, record.event) == (level, action)
    assert record.client_id == event.application.client_id
    assert (record.address, record.user_id) == ("203.0.113.7", owner.pk)
    assert Event.objects.filter(action=action, address="203.0.113.7").get() == event


def test_a_new_secret_is_in_none_of_them(service, heard, committed):
    _secret, value = committed(lambda: ClientSecret.issue(service.application))
    told = repr([vars(record) for record in heard.records] + [vars(event) for event in heard.events])
    assert value not in told


def test_a_reused_code_is_an_alarm(web, person, heard, committed):
    code = person.consent(web)
    access_token = web.exchange(code).json()["access_token"]
    Grant.objects.update(redeemed_at=timezone.now() - timedelta(seconds=11))
    heard.caplog.clear()
    committed(lambda: web.exchange(code))
    (record,) = heard.records
    assert (record.levelno, record.event) == (logging.WARNING, "code_reused")
    assert (record.client_id, record.detail["ended"]) == (web.client_id, 2)
    assert code not in repr(vars(record))
    assert access_token not in repr(vars(record))


def test_a_reused_refresh_token_is_an_alarm(person, spa, heard, committed):
    alarms = []

    def hear(**told):
        alarms.append({name: told[name] for name in ("application", "what", "family")})

    replaced = person.tokens(spa)["refresh_token"]
    newest = spa.refresh(replaced).json()
    after_the_grace_time()
    heard.caplog.clear()
    heard.events.clear()
    token_reused.connect(hear)
    committed(lambda: spa.refresh(replaced))
    token_reused.disconnect(hear)
    (record,), (event,), (alarm,) = heard.records, heard.events, alarms
    assert (record.levelno, record.event) == (logging.WARNING, "refresh_token_reused")
    assert (record.client_id, record.detail["ended"]) == (spa.client_id, 3)
    assert event == Event.objects.get(action=Event.Action.REFRESH_TOKEN_REUSED)
    assert (event.application, event.detail["family"]) == (spa.application, str(alarm["family"]))
    assert (alarm["application"], alarm["what"]) == (spa.application, "refresh_token")
    for told in (vars(record), vars(event), alarm):
        assert not [value for value in (replaced, *newest.values()) if f"{value}" in repr(told)]


def test_what_is_undone_is_not_told(service, heard, committed):
    def undone():
        with transaction.atomic():
            service.application.suspend()
            transaction.set_rollback(True)

    committed(undone)
    assert heard.records == heard.events == []


def test_a_receiver_that_fails_breaks_nothing(service, committed):
    def fail(**kwargs):
        raise RuntimeError

    event_recorded.connect(fail)
    try:
        committed(service.application.suspend)
    finally:
        event_recorded.disconnect(fail)
    assert Application.objects.get(pk=service.application.pk).is_suspended


@pytest.mark.parametrize(
    "delete", [lambda user: user.delete(), lambda user: type(user).objects.all().delete()]
)
@proves("owner-deleted")
def test_staff_is_told_of_an_application_that_lost_its_owner(web, owner, heard, committed, settings, delete):
    settings.MANAGERS = managers("operaciones@example.com")
    committed(lambda: delete(owner))
    application = Application.objects.get(pk=web.application.pk)
    assert application.is_suspended
    assert application.user is None
    event = Event.objects.get(action=Event.Action.SUSPENDED)
    assert event.detail == {"reason": "owner_deleted"}
    record = next(record for record in heard.records if record.event == "suspended")
    assert (record.levelno, record.client_id) == (logging.WARNING, web.client_id)
    (message,) = mail.outbox
    assert message.to == ["operaciones@example.com"]
    assert web.client_id in message.body


@proves("owner-deleted")
def test_deleting_somebody_who_owns_nothing_suspends_nothing(web, person, committed):
    committed(person.user.delete)
    assert not Application.objects.get(pk=web.application.pk).is_suspended
    assert mail.outbox == []


@proves("owner-deleted")
def test_mail_that_cannot_be_sent_keeps_nobody_s_account(web, owner, committed, settings):
    settings.MANAGERS = managers("operaciones@example.com")
    send_by("tests.mailer.Refusing", settings)
    committed(owner.delete)
    assert Application.objects.get(pk=web.application.pk).is_suspended


def test_somebody_who_is_not_signed_in_did_it_as_nobody(service):
    event = Event.record(
        Event.Action.CHANGED, application=service.application, origin=Origin(AnonymousUser())
    )
    assert Event.objects.get(pk=event.pk).actor is None


@pytest.mark.parametrize("action", ["suspended", "code_reused", "refresh_token_reused", "throttled"])
def test_alarming_events_are_logged_as_warnings(service, heard, committed, action):
    committed(lambda: Event.record(action, application=service.application))
    assert [record.levelno for record in heard.records] == [logging.WARNING]
