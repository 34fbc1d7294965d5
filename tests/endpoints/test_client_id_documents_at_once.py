"""Requests at once for the client of one document: one client, and one fetch of a document that is out of date."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import Application, Event
from tests.at_once import at_once
from tests.conformance import proves
from tests.documents import client_at
from tests.oauth import AUTHORIZE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("documents_site"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
]
MANY = 8


def visits(client):
    """Visit as nobody, so many at once; return where each was sent: a good request asks to log in."""
    answers = at_once([lambda: Client().get(AUTHORIZE, client.request())] * MANY)
    return {answer.status_code for answer in answers}


@proves("document-client")
def test_a_client_that_is_seen_for_the_first_time(documents):
    assert visits(client_at(documents.publish())) == {302}
    assert Application.objects.count() == 1
    assert Event.objects.filter(action="created").count() == 1


@proves("document-backoff")
def test_a_document_that_is_out_of_date_is_fetched_once(documents):
    client = client_at(documents.publish())
    Client().get(AUTHORIZE, client.request())
    cache.clear()
    Application.objects.update(cimd_expires_at=timezone.now())
    assert visits(client) == {302}
    assert len(documents.asked) == 2
