"""What the owner of an application learns of who else acted: nothing but what was done, and when."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import Application, Event
from multinexo_oauth.origin import Origin
from tests.admin.pages import act, list_of, page_of
from tests.conformance import proves
from tests.device import enter, press, started
from tests.oauth import OAuthClient, Person

from .conftest import Developer, url

HOME, ELSEWHERE, OFFICE = "192.0.2.44", "2001:db8::44", "198.51.100.9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IDENTIFYING = ["luis", "Luis", "Pérez", HOME, ELSEWHERE, "Firefox", "Caja/2.1"]
TOPICS = ("changes", "people")


@pytest.fixture
def luis(person: Person) -> Person:
    """Somebody at home, with a name and a browser."""
    person.user.first_name, person.user.last_name = "Luis", "Pérez"
    person.user.save()
    person.browser = Client(REMOTE_ADDR=HOME, HTTP_USER_AGENT=FIREFOX)
    person.browser.force_login(person.user)
    return person


@pytest.fixture
def staff(db: None) -> Person:
    """Somebody who looks after the site, from its office."""
    user = User.objects.create_superuser("jefa", "jefa@example.com", "secret-of-jefa", first_name="Marta")
    person = Person(user)
    person.browser = Client(REMOTE_ADDR=OFFICE)
    person.browser.force_login(user)
    return person


@pytest.fixture
def brand(settings: Any) -> str:
    """The site's name, which stands nowhere else on a page of events."""
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "BRAND_NAME": "Puentes"}
    return "Puentes"


def activity(owner: Developer, client: OAuthClient, topic: str) -> str:
    """Return the part of the page that is about the application, with its tags: no name hides in an attribute."""
    answer = owner.open("application-activity", client, filter=topic)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode().partition("<main")[2])


def told_of(words: list[str], page: str) -> list[str]:
    return [word for word in words if word in page]


def rows(owner: Developer, client: OAuthClient, topic: str) -> list[dict[str, str]]:
    """Return the table of a filter, a dictionary a row, by the columns' labels in Spanish."""
    found = re.findall(r"<tr>(.*?)</tr>", activity(owner, client, topic), re.DOTALL)[1:]
    return [
        {label: " ".join(re.sub("<[^>]+>", " ", cell).split()) for label, cell in cells}
        for cells in (re.findall(r'data-label="([^"]+)">(.*?)</td>', row, re.DOTALL) for row in found)
    ]


def let_in_and_withdraw(luis: Person, web: OAuthClient) -> None:
    luis.tokens(web)
    luis.browser.post(url("connection-withdraw", web), {"scopes": ["products:write"]})
    luis.browser.post(url("connection-remove", web))


def let_a_device_in(luis: Person, device: OAuthClient) -> None:
    device.http.defaults |= {"REMOTE_ADDR": ELSEWHERE, "HTTP_USER_AGENT": "Caja/2.1 (Linux armv7l)"}
    page = enter(luis.browser, started(device)["user_code"])
    press(luis.browser, press(luis.browser, page, "continue"), "allow")


@proves("activity-whose")
def test_a_person_who_lets_in_and_takes_back_is_a_person(
    ana: Developer, web: OAuthClient, luis: Person
) -> None:
    let_in_and_withdraw(luis, web)
    labels = [Event.Action.CONSENT_REMOVED, Event.Action.CONSENT_REDUCED, Event.Action.CONSENT_GIVEN]
    page = activity(ana, web, "people")
    assert all(str(action.label) in page for action in labels)
    assert [row["Quién"] for row in rows(ana, web, "people")] == ["Una persona"] * 3
    for topic in TOPICS:
        assert told_of(IDENTIFYING, activity(ana, web, topic)) == []


@proves("activity-whose")
def test_the_owner_reads_neither_person_nor_address_of_a_device(
    ana: Developer, device: OAuthClient, luis: Person
) -> None:
    let_a_device_in(luis, device)
    event = Event.objects.get(action=Event.Action.DEVICE_AUTHORIZED)
    assert event.detail["device"]["address"] == ELSEWHERE
    assert {row["Quién"] for row in rows(ana, device, "people")} == {"Una persona"}
    assert told_of(IDENTIFYING, activity(ana, device, "people")) == []


@proves("activity-whose")
def test_a_person_whose_account_is_gone_stays_a_person_without_an_address(
    ana: Developer, web: OAuthClient, luis: Person
) -> None:
    luis.tokens(web)
    luis.user.delete()
    assert [row["Quién"] for row in rows(ana, web, "people")] == ["Una persona"]
    assert HOME not in activity(ana, web, "people")


@proves("activity-whose")
@pytest.mark.parametrize("action", ["suspend", "reactivate", "verify", "unverify", "revoke_tokens"])
def test_staff_is_called_by_the_name_of_the_site(
    ana: Developer, web: OAuthClient, staff: Person, brand: str, action: str
) -> None:
    state: dict[str, dict[str, Any]] = {
        "reactivate": {"suspended_at": timezone.now()},
        "unverify": {"verified": True},
    }
    Application.objects.update(**state.get(action, {"verified": False}))
    act(staff.browser, action, web.application, confirmed="yes")
    assert Event.objects.latest("pk").address == OFFICE
    for is_staff in (True, False):  # who suspended or verified it was staff then
        User.objects.filter(pk=staff.user.pk).update(is_staff=is_staff)
        row, *_earlier = rows(ana, web, "changes")
        assert row["Quién"] == brand or action in {"unverify", "revoke_tokens"}
        assert told_of(["jefa", "Marta", OFFICE], activity(ana, web, "changes")) == []


@proves("activity-whose")
def test_staff_who_lets_an_application_in_is_a_person_as_anybody(
    ana: Developer, web: OAuthClient, staff: Person, brand: str
) -> None:
    staff.tokens(web)
    assert [row["Quién"] for row in rows(ana, web, "people")] == ["Una persona"]
    assert told_of(["jefa", "Marta", OFFICE], activity(ana, web, "people")) == []


@proves("activity-whose")
def test_a_former_owner_is_a_person_to_the_new_one(ana: Developer, eva: Developer, web: OAuthClient) -> None:
    ana.browser.defaults["REMOTE_ADDR"] = HOME
    ana.send("application", web, name="Otra", redirect_uris="https://otra.example/")
    Application.objects.update(user=eva.user)
    row, *_earlier = rows(eva, web, "changes")
    assert row["Quién"] == "Una persona"
    assert told_of([HOME, ana.user.username], activity(eva, web, "changes")) == []


@proves("activity-whose")
def test_a_changed_password_is_not_told_to_the_owner(
    ana: Developer, web: OAuthClient, luis: Person, settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "PASSWORD_CHANGE_ENDS_TOKENS": True}
    luis.tokens(web)
    luis.user.set_password("another secret")
    luis.user.save()
    label = str(Event.Action.PASSWORD_CHANGED.label)
    assert Event.objects.filter(action=Event.Action.PASSWORD_CHANGED).exists()
    assert [label in activity(ana, web, topic) for topic in (*TOPICS, "private")] == [False] * 3
    luis.browser.force_login(luis.user)
    assert label in luis.browser.get(url("connected-application", web)).content.decode()


@proves("activity-whose")
def test_the_owner_s_own_acts_are_told_in_full(ana: Developer, web: OAuthClient, device: OAuthClient) -> None:
    ana.browser.defaults |= {"REMOTE_ADDR": HOME, "HTTP_USER_AGENT": FIREFOX}
    owner = Person(ana.user)
    owner.browser = ana.browser
    ana.send("application", web, name="Otra", redirect_uris=web.redirect_uri)
    row, *_earlier = rows(ana, web, "changes")
    assert (row["Quién"], row["Origen"]) == ("ana", HOME)
    owner.tokens(web)
    row, *_earlier = rows(ana, web, "people")
    assert (row["Quién"], row["Origen"]) == ("ana", f"{HOME} Firefox · Linux")
    let_a_device_in(owner, device)
    assert f"{ELSEWHERE} · Caja/2.1" in activity(ana, device, "people")


@proves("activity-whose")
def test_beside_the_owner_s_own_acts_those_of_others_stay_theirs(
    ana: Developer, web: OAuthClient, luis: Person
) -> None:
    owner = Person(ana.user)
    owner.tokens(web)
    luis.tokens(web)
    assert [row["Quién"] for row in rows(ana, web, "people")] == ["Una persona", "ana"]
    assert [row["Origen"] for row in rows(ana, web, "people")] == ["—", "127.0.0.1"]
    assert told_of(IDENTIFYING, activity(ana, web, "people")) == []


@proves("activity-whose")
@pytest.mark.parametrize("action", Event.Action.values)
def test_the_activity_page_shows_no_address_or_detail_of_other_people(
    ana: Developer, web: OAuthClient, luis: Person, staff: Person, action: str
) -> None:
    of_theirs: dict[str, Any] = {"device": {"address": ELSEWHERE, "agent": "Caja/2.1"}, "ended": 1}
    for who in (luis, staff):
        Event.record(action, application=web.application, origin=Origin(who.user, HOME, FIREFOX), **of_theirs)
    pages = "".join(activity(ana, web, topic) for topic in TOPICS)
    assert told_of([*IDENTIFYING, "jefa", "Marta"], pages) == []


@proves("activity-whose")
@pytest.mark.parametrize("action", sorted(set(Event.Action.values) - {"throttled"}))
def test_an_address_of_an_account_that_is_gone_is_told_to_nobody(
    ana: Developer, web: OAuthClient, action: str
) -> None:
    Event.record(action, application=web.application, origin=Origin(None, HOME, FIREFOX))
    assert told_of(IDENTIFYING, "".join(activity(ana, web, topic) for topic in TOPICS)) == []


@proves("activity-whose")
def test_the_admin_keeps_who_acted_and_from_where(web: OAuthClient, luis: Person, staff: Person) -> None:
    luis.tokens(web)
    event = Event.objects.get(action=Event.Action.CONSENT_GIVEN)
    page = staff.browser.get(page_of(event, "change")).content.decode()
    assert told_of(["luis", HOME, "Firefox"], page) == ["luis", HOME, "Firefox"]
    assert told_of(["luis", HOME], staff.browser.get(list_of(Event)).content.decode()) == ["luis", HOME]


@proves("connected-history")
def test_a_person_sees_their_own_acts_in_full_among_the_applications_they_let_in(
    luis: Person, web: OAuthClient, device: OAuthClient
) -> None:
    luis.tokens(web)
    let_a_device_in(luis, device)
    of_web, of_device = (
        luis.browser.get(url("connected-application", client)).content.decode() for client in (web, device)
    )
    assert told_of([HOME, "Firefox"], of_web) == [HOME, "Firefox"]
    assert told_of([HOME, ELSEWHERE, "Caja/2.1"], of_device) == [HOME, ELSEWHERE, "Caja/2.1"]
