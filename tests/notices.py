"""The messages that an act sends to people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from multinexo_oauth import mail as sending
from tests.oauth import Person

ISSUER = "https://id.example/auth/v1"
LIST = f"{ISSUER}/aplicaciones-conectadas/"
Act = Callable[[Callable[[], Any]], list[EmailMultiAlternatives]]


@pytest.fixture
def told_of(settings: Any, person: Person, django_capture_on_commit_callbacks: Any) -> Act:
    """Do something as a person who reads English, and return what was written to people about it."""
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "ISSUER": ISSUER}
    person.browser.defaults |= {"HTTP_ACCEPT_LANGUAGE": "en", "HTTP_USER_AGENT": "Navigator/1"}

    def act(what: Callable[[], Any]) -> list[EmailMultiAlternatives]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            what()
        sending.flush(5)
        return [message for message in mail.outbox if isinstance(message, EmailMultiAlternatives)]

    return act


def html(message: EmailMultiAlternatives) -> str:
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return str(content)
