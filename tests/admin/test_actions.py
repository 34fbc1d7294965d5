from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages

from multinexo_oauth.models import AccessToken, Application, Consent, Event, Grant, Kind, RefreshToken
from tests import oauth
from tests.conformance import proves
from tests.device import let_in, poll, started

from .conftest import access_token, staff_who_may
from .pages import act, list_of

pytestmark = pytest.mark.django_db

STATES: dict[str, dict[str, Any]] = {
    "verify": {"verified": False},
    "unverify": {"verified": True},
    "suspend": {},
    "reactivate": {"suspended_at": "2026-01-01T00:00:00Z"},
    "revoke_tokens": {},
}
EVENTS = {
    "verify": Event.Action.VERIFIED,
    "unverify": Event.Action.CHANGED,
    "suspend": Event.Action.SUSPENDED,
    "reactivate": Event.Action.REACTIVATED,
    "revoke_tokens": Event.Action.TOKENS_REVOKED,
}


@pytest.mark.parametrize("action", STATES)
def test_an_action_asks_before_it_acts(staff, register, action):
    application = register(**STATES[action])
    answer = act(staff, action, application, index=0)
    assert answer.status_code == 200
    assert "Tienda" in answer.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize("action", STATES)
def test_an_action_is_recorded(staff, staff_user, register, action):
    application = register(**STATES[action])
    act(staff, action, application, confirmed="yes")
    event = Event.objects.get()
    assert (event.action, event.application, event.actor) == (EVENTS[action], application, staff_user)
    assert event.address == "127.0.0.1"
    assert LogEntry.objects.get().user == staff_user


def test_the_question_tells_the_effect_in_numbers(staff, application, person, owner):
    for user in (person, owner):
        Consent.record(user, application, ["products:read"])
    for number in range(3):
        access_token(application, person, f"token {number}")
    numbers = dict(act(staff, "suspend", application, index=0).context["numbers"])
    assert list(numbers.values()) == [1, 2, 3]


def test_verifying_and_withdrawing_it(staff, application):
    act(staff, "verify", application, confirmed="yes")
    application.refresh_from_db()
    assert application.verified
    act(staff, "unverify", application, confirmed="yes")
    application.refresh_from_db()
    assert not application.verified


def answer_of_the_api(client, token: str) -> int:
    return client.get("/api/v1/products/", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_suspended_application_and_its_tokens_stop_until_it_is_reactivated(
    staff, client, application, person
):
    access_token(application, person, "token")
    assert answer_of_the_api(client, "token") == 200
    act(staff, "suspend", application, confirmed="yes")
    assert answer_of_the_api(client, "token") == 401
    act(staff, "reactivate", application, confirmed="yes")
    assert answer_of_the_api(client, "token") == 200


def test_every_token_ends_and_consent_stays(staff, client, everything, application):
    assert answer_of_the_api(client, "planted-access-token") == 200
    act(staff, "revoke_tokens", application, confirmed="yes")
    assert answer_of_the_api(client, "planted-access-token") == 401
    assert not RefreshToken.objects.live().exists()
    assert not Grant.objects.filter(redeemed_at=None).exists()
    assert Consent.objects.exists()
    assert Event.objects.get(action=Event.Action.TOKENS_REVOKED).detail == {"tokens": 2}


@proves("device-ends")
def test_a_device_that_was_let_in_gets_nothing_once_every_token_is_revoked(staff, owner, person):
    device = oauth.register(owner, "device")
    codes = started(device)
    let_in(oauth.Person(person), codes["user_code"])
    act(staff, "revoke_tokens", device.application, confirmed="yes")
    answer = poll(device, codes["device_code"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@proves("staff-said")
@pytest.mark.parametrize("action", ["suspend", "revoke_tokens"])
def test_it_says_before_and_after_whom_and_what_it_touches(staff, everything, application, action):
    asked = act(staff, action, application, index=0)
    assert [number for _label, number in asked.context["numbers"]] == [1, 1, 2]
    answer = act(staff, action, application, confirmed="yes")
    (said,) = get_messages(answer.wsgi_request)
    assert "conectadas: 1" in str(said)
    assert "vigentes: 2" in str(said)


def test_another_application_keeps_its_tokens(staff, application, register, person):
    other = register(Kind.SPA, "Otra")
    access_token(other, person, "token")
    act(staff, "revoke_tokens", application, confirmed="yes")
    assert AccessToken.objects.count() == 1


def test_an_action_concerns_only_those_whose_state_it_changes(staff, register):
    first, second = register(), register(name="Otra", suspended_at="2026-01-01T00:00:00Z")
    act(staff, "suspend", first, second, confirmed="yes")
    assert Event.objects.get().application == first


def test_nothing_to_do_is_said_and_not_asked(staff, application):
    assert act(staff, "reactivate", application, index=0).status_code == 302
    assert not Event.objects.exists()


def test_all_that_a_filter_finds_can_be_chosen(staff, register):
    for number in range(3):
        application = register(name=f"Tienda {number}")
    register(Kind.SPA, "Otra")
    address = f"{list_of(Application)}?kind__exact=web"
    data = {"action": "suspend", "_selected_action": [application.pk], "select_across": 1}
    assert len(staff.post(address, {**data, "index": 0}).context["names"]) == 3
    staff.post(address, {**data, "confirmed": "yes"})
    assert list(Application.objects.usable().values_list("name", flat=True)) == ["Otra"]


@pytest.mark.parametrize("action", STATES)
def test_staff_without_the_permission_takes_no_action(register, action):
    application = register(**STATES[action])
    for browser in (staff_who_may("view"), staff_who_may("view", "delete")):
        assert act(browser, action, application, confirmed="yes").status_code == 403
    assert not Event.objects.exists()


def test_staff_without_the_permission_sees_no_actions(viewer, application):
    page = viewer.get(list_of(Application)).content.decode()
    assert 'name="action"' not in page
