import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from multinexo_oauth.interface.capped_paginator import CappedPaginator
from multinexo_oauth.models import AccessToken, Application, ClientSecret, Consent, DeviceGrant, Event, Kind
from multinexo_oauth.origin import Origin

from .conftest import access_token
from .pages import list_of, page_of

pytestmark = pytest.mark.django_db


def found(browser, model, **query) -> list:
    return list(browser.get(list_of(model), query).context["cl"].result_list)


def queries(browser, model) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(list_of(model)).status_code == 200
    return len(captured)


def test_the_list_shows_people_and_last_use(staff, application, person):
    Consent.record(person, application, ["products:read"])
    used = timezone.now()
    Application.objects.update(last_used_at=used)
    row = found(staff, Application)[0]
    assert (row.people, row.last_used_at) == (1, used)


@pytest.mark.parametrize("model", [Application, AccessToken, ClientSecret, Consent, Event, DeviceGrant])
def test_more_rows_cost_no_more_queries(staff, everything, register, model):
    few = queries(staff, model)
    for number in range(5):
        application = register(name=f"Tienda {number}", user=User.objects.create_user(f"owner {number}"))
        ClientSecret.issue(application)
        access_token(application, application.user, f"token {number}")
        Consent.record(application.user, application, ["products:read"])
    assert queries(staff, model) == few


@pytest.mark.parametrize("query", ["Tien", "ana", "ana@example.com"])
def test_applications_are_found_by_name_and_owner(staff, application, register, person, query):
    register(name="Otra", user=person)
    assert found(staff, Application, q=query) == [application]


def test_applications_are_found_by_client_id(staff, application, register):
    register(name="Otra")
    assert found(staff, Application, q=application.client_id) == [application]


@pytest.mark.parametrize(
    "query",
    [
        {"kind__exact": "spa"},
        {"state": "suspended"},
        {"verified__exact": "1"},
        {"registration_source__exact": "dcr"},
    ],
)
def test_applications_are_filtered(staff, application, register, query):
    other = register(
        Kind.SPA, "Otra", suspended_at="2026-01-01T00:00:00Z", verified=True, registration_source="dcr"
    )
    assert found(staff, Application, **query) == [other]


def test_the_active_ones_are_the_rest(staff, application, register):
    register(name="Otra", suspended_at="2026-01-01T00:00:00Z")
    assert found(staff, Application, state="active") == [application]


@pytest.mark.parametrize("query", ["Tien", "luis"])
def test_tokens_are_found_by_application_and_person(staff, everything, register, owner, query):
    access_token(register(Kind.SPA, "Otra"), owner, "another")
    assert [token.user.username for token in found(staff, AccessToken, q=query)] == ["luis"]


def test_events_are_found_by_who_did_them(staff, application, person):
    application.suspend(Origin(person))
    application.reactivate()
    assert [event.action for event in found(staff, Event, q="luis")] == [Event.Action.SUSPENDED]


@pytest.mark.parametrize("query", ["Tien", "luis"])
def test_device_requests_are_found_by_application_and_person(staff, everything, query):
    assert len(found(staff, DeviceGrant, q=query)) == 1
    assert found(staff, DeviceGrant, q="nobody") == []


def test_the_newest_stand_first(staff, register):
    names = [register(name=f"Tienda {number}").name for number in range(3)]
    assert [row.name for row in found(staff, Application)] == names[::-1]


def test_rows_are_counted_no_further_than_the_limit(staff, register, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "limit", 2)
    for number in range(3):
        register(name=f"Tienda {number}")
    answer = staff.get(list_of(Application))
    assert answer.context["cl"].result_count == 2
    assert "Busque o filtre" in answer.content.decode() or "Search or filter" in answer.content.decode()


def test_the_action_that_cannot_be_undone_is_the_last(staff, application):
    offered = re.findall(r'<option value="(\w+)"', staff.get(list_of(Application)).content.decode())
    assert offered[-1] == "delete_selected"
    assert len(offered) > 1


def test_an_application_s_page_tells_the_last_use_as_a_person_reads_it(staff, application):
    def told():
        page = staff.get(page_of(application)).content.decode()
        row = page.split('class="form-row field-last_used_at"')[1].split('<div class="readonly">')[1]
        return row.split("</div>")[0]

    assert told() == "-"
    used = timezone.now()
    Application.objects.update(last_used_at=used)
    assert told() == date_format(localtime(used), "DATETIME_FORMAT")


def test_a_search_looks_at_the_first_hundred_people_alone(staff, django_assert_max_num_queries):
    with django_assert_max_num_queries(50) as queries:
        staff.get(list_of(AccessToken), {"q": "a"})
    # Each database quotes and compares in its own way.
    asked = [query["sql"].replace("`", '"') for query in queries.captured_queries]
    users = [sql for sql in asked if re.search(r'"auth_user"\."username"(::text\))? LIKE', sql)]
    assert users
    assert all(re.search(r"LIMIT 10[01]$", sql) for sql in users)


def test_nobody_has_each_filter_counted(staff, everything):
    """Django would count the whole table once for every choice."""
    answer = staff.get(list_of(AccessToken), {"_facets": "True"})
    assert not answer.context["cl"].add_facets


@pytest.mark.parametrize("term", ["user23", "user23@example.com", "USER23"])
def test_an_exact_match_is_found_among_more_than_a_search_looks_at(staff, application, term):
    names = [f"user23{number}" for number in range(150)] + ["user23"]
    people = User.objects.bulk_create(User(username=name, email=f"{name}@example.com") for name in names)
    Consent.record(people[-1], application, ["products:read"])
    page = staff.get(list_of(Consent), {"q": term})
    assert [consent.user.username for consent in page.context["cl"].result_list] == ["user23"]
    assert ("100" in page.content.decode()) == ("@" not in term)


def test_a_search_that_looked_at_everything_says_nothing(staff, application, person):
    Consent.record(person, application, ["products:read"])
    assert not list(staff.get(list_of(Consent), {"q": "luis"}).context["messages"])
