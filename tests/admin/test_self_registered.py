"""Clients that registered themselves are staff's to look after as any others."""

import pytest
from django.utils import timezone

from multinexo_oauth.models import Application, Kind
from tests.conformance import proves

from .pages import NO_SECRETS, act, list_of, page_of

pytestmark = [pytest.mark.django_db, proves("self-registered-admin")]
DOCUMENT = "https://agent.example/oauth/client.json"


@pytest.fixture(params=["dcr", "cimd"])
def stranger(request, register):
    document = {"client_id": DOCUMENT, "cimd_expires_at": timezone.now()} if request.param == "cimd" else {}
    return register(
        Kind.NATIVE,
        "Agente",
        user=None,
        registration_source=request.param,
        redirect_uris="http://localhost:3030/cb",
        **document,
    )


def test_the_list_tells_who_registered_it(staff, stranger, application):
    only = {"registration_source__exact": stranger.registration_source}
    answer = staff.get(list_of(Application), only)
    assert list(answer.context["cl"].result_list) == [stranger]
    assert stranger.get_registration_source_display() in answer.content.decode()


def test_staff_verifies_suspends_and_deletes_it(staff, stranger):
    act(staff, "verify", stranger, confirmed="yes")
    act(staff, "suspend", stranger, confirmed="yes")
    stranger.refresh_from_db()
    assert (stranger.verified, stranger.is_suspended) == (True, True)
    staff.post(page_of(stranger, "delete"), {"post": "yes"})
    assert not Application.objects.exists()


def test_staff_changes_it_by_the_rules_that_it_registered_by(staff, stranger):
    page = staff.get(page_of(stranger))
    assert stranger.client_id in page.content.decode()
    form = {"name": "Agente", "redirect_uris": stranger.redirect_uris, "scopes": ["products:write"]}
    answer = staff.post(page_of(stranger), form | NO_SECRETS)
    assert answer.status_code == 302, answer.context["errors"]
    stranger.refresh_from_db()
    assert stranger.scopes == "products:write"
