import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from multinexo_oauth.interface.capped_paginator import CappedPaginator
from multinexo_oauth.models import Application, Event
from multinexo_oauth.origin import Origin
from multinexo_oauth.pages.my_applications.forms import OverviewForm
from tests.conformance import proves
from tests.oauth import OAuthClient, register
from tests.responses import ClientResponse

from .conftest import Developer, shown_secret, text

OF_PEOPLE = {"access_returned", "consent_given", "consent_reduced", "consent_removed", "device_authorized"}
OF_CHANGES = set(Event.Action.values) - OF_PEOPLE - {"password_changed"}


def told(answer: ClientResponse) -> list[str]:
    """Return what happened, a row each, in the words of the page."""
    assert answer.status_code == 200
    return re.findall(r'<th scope="row">([^<]+)', answer.content.decode())


def filters(answer: ClientResponse) -> dict[str, bool]:
    """Return the filters by their addresses, and which one is on."""
    (nav,) = re.findall(r'<nav class="filters".*?</nav>', answer.content.decode(), re.DOTALL) or [""]
    return {
        link: bool(current) for link, current in re.findall(r'href="([^"]+)"( aria-current="page")?', nav)
    }


def other_pages(answer: ClientResponse) -> list[str]:
    links = re.findall(r'href="([^"]+)" rel="(?:prev|next)"', answer.content.decode())
    return [html.unescape(link) for link in links]


def test_it_tells_what_was_done_by_whom_when_and_from_where(ana: Developer, settings: Any) -> None:
    secret = shown_secret(ana.register("web"))
    application = Application.objects.get()
    ana.send("application", application, name="Otra", redirect_uris="https://otra.example/")
    page = text(ana.open("application-activity", application))
    assert [str(event.get_action_display()) in page for event in Event.objects.all()] == [True, True, True]
    assert ana.user.username in page
    assert "127.0.0.1" in page
    assert settings.TIME_ZONE in page
    assert f"…{secret[-4:]}" in page
    assert str(OverviewForm.base_fields["redirect_uris"].label) in page


def test_what_came_from_an_address_that_is_not_known_says_so(ana: Developer, device: OAuthClient) -> None:
    Event.record("changed", application=device.application)
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Not known" in text(ana.open("application-activity", device))


def test_newest_first_and_in_pages(ana: Developer, device: OAuthClient) -> None:
    for number in range(30):
        Event.record("changed", application=device.application, fields=[f"campo {number}"])
    first, second = ana.open("application-activity", device), ana.open("application-activity", device, page=2)
    assert "campo 29" in text(first)
    assert "campo 0" in text(second)
    assert len(first.context["rows"]) == 25
    assert len(second.context["rows"]) == 5


@pytest.mark.parametrize("topic", ["changes", "people"])
def test_it_costs_the_same_however_much_happened(
    ana: Developer, device: OAuthClient, topic: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def happens(times: int) -> None:
        for number in range(times):
            user = User.objects.create_user(f"{topic} {User.objects.count()} {number}")
            for action in ("changed", "consent_given"):
                Event.record(action, application=device.application, origin=Origin(user))

    happens(1)
    # Session, person, application, how many, events with who did them.
    with django_assert_num_queries(5):
        ana.open("application-activity", device, filter=topic)
    happens(20)
    with django_assert_num_queries(5):
        ana.open("application-activity", device, filter=topic)


def test_another_application_s_events_are_not_shown(ana: Developer, device: OAuthClient) -> None:
    other = register(ana.user, "device", name="La otra")
    Event.record("changed", application=other.application, fields=["secreto ajeno"])
    assert "secreto ajeno" not in text(ana.open("application-activity", device))


@proves("activity-topics")
@pytest.mark.parametrize(("topic", "actions"), [("changes", OF_CHANGES), ("people", OF_PEOPLE)])
def test_changes_and_security_stand_apart_from_people(
    ana: Developer, spa: OAuthClient, topic: str, actions: set[str]
) -> None:
    for action in Event.Action.values:
        Event.record(action, application=spa.application)
    shown = told(ana.open("application-activity", spa, filter=topic))
    assert sorted(shown) == sorted(str(Event.Action(action).label) for action in actions)


@proves("activity-topics")
def test_a_thousand_consents_do_not_bury_a_revoked_secret(ana: Developer, spa: OAuthClient) -> None:
    Event.record("secret_revoked", application=spa.application, origin=Origin(ana.user))
    consents = [Event(action="consent_given", application=spa.application) for _ in range(1000)]
    Event.objects.bulk_create(consents)
    assert told(ana.open("application-activity", spa)) == [str(Event.Action.SECRET_REVOKED.label)]
    assert len(told(ana.open("application-activity", spa, filter="people"))) == 25


@proves("activity-topics")
@pytest.mark.parametrize("asked", ["", "private", "PEOPLE", "people ", "people\0", "%zz", "'", "x" * 5000])
def test_a_filter_that_is_none_is_the_first_one(ana: Developer, spa: OAuthClient, asked: str) -> None:
    Event.record("changed", application=spa.application)
    Event.record("consent_given", application=spa.application)
    page = ana.open("application-activity", spa, filter=asked)
    assert told(page) == [str(Event.Action.CHANGED.label)]
    assert filters(page) == {"?filter=changes": True, "?filter=people": False}


@proves("activity-topics")
@pytest.mark.parametrize("asked", ["0", "-1", "x", "\0", "9" * 400, "1.5", "٣"])
@pytest.mark.parametrize("topic", ["changes", "people"])
def test_a_page_that_is_none_is_one_of_the_filter(
    ana: Developer, spa: OAuthClient, topic: str, asked: str
) -> None:
    page = ana.open("application-activity", spa, filter=topic, page=asked)
    assert page.status_code == 200
    assert filters(page)[f"?filter={topic}"] is True


@proves("activity-topics")
@pytest.mark.parametrize("topic", ["changes", "people"])
def test_the_other_pages_keep_the_filter(ana: Developer, spa: OAuthClient, topic: str) -> None:
    for _ in range(60):
        Event.record("changed", application=spa.application)
        Event.record("consent_given", application=spa.application)
    page = ana.open("application-activity", spa, filter=topic, page=2)
    assert other_pages(page) == [f"?filter={topic}&page=1", f"?filter={topic}&page=3"]
    assert len(told(page)) == 25


@proves("activity-topics")
def test_each_filter_says_what_will_be_there_where_nothing_is(ana: Developer, spa: OAuthClient) -> None:
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Changes to the application" in text(ana.open("application-activity", spa))
    assert "when people give" in text(ana.open("application-activity", spa, filter="people"))


@proves("activity-topics")
def test_a_service_which_no_person_lets_in_has_no_filter(ana: Developer, service: OAuthClient) -> None:
    Event.record("changed", application=service.application)
    page = ana.open("application-activity", service, filter="people")
    assert filters(page) == {}
    assert str(Event.Action.CHANGED.label) in told(page)


def test_only_the_newest_of_very_many_events_are_listed_and_the_page_says_so(
    ana: Developer, spa: OAuthClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CappedPaginator, "limit", 50)
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for number in range(60):
        Event.record("changed", application=spa.application, fields=[f"campo {number}"])
    first, last = (ana.open("application-activity", spa, page=page) for page in (1, 2))
    assert "Only the newest 50 events" not in text(first)
    assert "Only the newest 50 events" in text(last)
    assert "campo 10" in text(last)
    assert other_pages(last) == ["?filter=changes&page=1"]


@proves("activity-topics")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="Others choose by what the table holds")
@pytest.mark.parametrize("topic", ["changes", "people"])
def test_the_newest_of_a_filter_are_read_in_the_order_of_an_index(web: OAuthClient, topic: str) -> None:
    plan = Event.objects.about(web.application, topic).newest_first().explain()
    assert "USING INDEX" in plan
    assert "TEMP B-TREE" not in plan
