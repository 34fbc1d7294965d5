"""Requests at once to manage one client: it is changed or gone, and nothing fails."""

import pytest
from django.db import connection

from multinexo_oauth.models import Application
from tests.at_once import at_once
from tests.conformance import proves
from tests.registration import change, manage, registered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("open_registration"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
    proves("management-delete"),
]


@pytest.mark.parametrize("attempt", range(5))
def test_a_client_that_goes_while_it_is_changed(attempt):
    answer = registered(token_endpoint_auth_method="client_secret_basic")
    changes = [lambda: change(answer, client_name="Otro")] * 6
    answers = at_once([*changes[:3], lambda: manage("DELETE", answer), *changes[3:]])
    assert {response.status_code for response in answers} <= {200, 204, 400, 401}
    assert not Application.objects.exists()


def test_a_client_that_goes_twice():
    answer = registered()
    answers = at_once([lambda: manage("DELETE", answer)] * 8)
    assert {response.status_code for response in answers} <= {204, 401}
    assert not Application.objects.exists()
