from typing import Any

from pytest_django import DjangoAssertNumQueries

from multinexo_oauth.models import Application, Event
from multinexo_oauth.pages.my_applications.forms import OverviewForm
from tests.oauth import OAuthClient, Person, register

from .conftest import Developer, shown_secret, text


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


def test_a_person_s_consent_is_there(
    ana: Developer, web: OAuthClient, person: Person, tokens: dict[str, str]
) -> None:
    page = text(ana.open("application-activity", web))
    assert person.user.username in page
    assert str(Event.Action.CONSENT_GIVEN.label) in page


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


def test_it_costs_the_same_however_much_happened(
    ana: Developer, device: OAuthClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Event.record("changed", application=device.application, actor=ana.user)
    # Session, person, application, how many, events with who did them.
    with django_assert_num_queries(5):
        ana.open("application-activity", device)
    for _ in range(20):
        Event.record("changed", application=device.application, actor=ana.user)
    with django_assert_num_queries(5):
        ana.open("application-activity", device)


def test_another_application_s_events_are_not_shown(ana: Developer, device: OAuthClient) -> None:
    other = register(ana.user, "device", name="La otra")
    Event.record("changed", application=other.application, fields=["secreto ajeno"])
    assert "secreto ajeno" not in text(ana.open("application-activity", device))
