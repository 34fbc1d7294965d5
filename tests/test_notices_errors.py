"""What keeps a message from being sent, and what that must not break."""

import threading
import time
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from multinexo_oauth import mail as sending
from multinexo_oauth.models import Consent
from tests.conformance import proves
from tests.mailer import send_by
from tests.notices import Act, html, told_of
from tests.oauth import OAuthClient, Person
from tests.pages.connected_applications.conftest import remove

__all__ = ["told_of"]
pytestmark = proves("notices-harmless")
HUNG = threading.Event()


class Hanging(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        HUNG.wait(10)
        return 0


def test_a_person_without_an_address_gets_none(person: Person, web: OAuthClient, told_of: Act) -> None:
    person.user.email = ""
    person.user.save()
    assert told_of(lambda: person.tokens(web)) == []
    assert told_of(lambda: remove(person, web)) == []


def test_a_server_that_refuses_breaks_nothing(
    person: Person, web: OAuthClient, told_of: Act, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    send_by("tests.mailer.Refusing", settings)
    assert told_of(lambda: person.tokens(web)) == []
    assert Consent.objects.exists()
    assert "A message was not sent." in caplog.text


def test_a_server_that_hangs_delays_nobody(
    person: Person, web: OAuthClient, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    send_by(f"{__name__}.Hanging", settings)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            began = time.monotonic()
            person.consent(web)
        assert time.monotonic() - began < 5
    finally:
        HUNG.set()
        sending.flush(10)


def test_too_many_that_wait_are_dropped(
    settings: Any, caplog: pytest.LogCaptureFixture, mailoutbox: Any
) -> None:
    send_by(f"{__name__}.Hanging", settings)
    HUNG.clear()
    try:
        for _number in range(sending.MOST_WAITING + 1):
            sending.post(mail.EmailMessage("Subject", to=["luis@example.com"]))
        assert "wait already" in caplog.text
    finally:
        HUNG.set()
        sending.flush(10)


def test_a_broken_template_breaks_nothing(
    person: Person, web: OAuthClient, told_of: Act, settings: Any, tmp_path: Any
) -> None:
    folder = tmp_path / "multinexo_oauth" / "email"
    folder.mkdir(parents=True)
    (folder / "application_connected.txt").write_text("{% if %}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    assert told_of(lambda: person.tokens(web)) == []
    assert Consent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_not_told(person: Person, web: OAuthClient) -> None:
    with transaction.atomic():
        Consent.record(person.user, web.application, ["products:read"])
        transaction.set_rollback(True)
    sending.flush(5)
    assert mail.outbox == []


def test_names_are_text(person: Person, web: OAuthClient, told_of: Act) -> None:
    web.application.name = "<b>A & B</b>"
    web.application.save()
    (message,) = told_of(lambda: person.consent(web))
    assert message.subject.startswith("“<b>A & B</b>”")
    assert "“<b>A & B</b>”" in message.body
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html(message)


def test_without_an_issuer_there_is_no_link(
    person: Person, web: OAuthClient, told_of: Act, settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "ISSUER": None}
    (message,) = told_of(lambda: person.consent(web))
    assert "http" not in message.body
    assert "href" not in html(message)


def test_nothing_in_it_is_a_credential(person: Person, web: OAuthClient, told_of: Act) -> None:
    found: list[str] = []
    (message,) = told_of(lambda: found.extend(str(value) for value in person.tokens(web).values()))
    assert not [
        value
        for value in found
        if len(value) > 20 and value in message.body + html(message) and ":" not in value
    ]
