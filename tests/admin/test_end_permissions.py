"""Staff takes a permission from an application, reads whom that touches, and may end it where it was granted."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.urls import reverse

from multinexo_oauth.models import AccessToken, Application, Consent, Event, Kind
from tests.conformance import proves
from tests.responses import ClientResponse

from .conftest import access_token, staff_who_may
from .pages import NO_SECRETS, page_of

pytestmark = [pytest.mark.django_db, proves("permissions-taken")]
READ, WRITE = "products:read", "products:write"


@pytest.fixture
def application(register: Any, person: User) -> Application:
    """An application that one person let read and write."""
    application: Application = register(scopes="products:*", default_scopes=WRITE)
    Consent.record(person, application, [READ, WRITE])
    access_token(application, person, "a token")
    AccessToken.objects.update(scope=f"{READ} {WRITE}")
    return application


def end_page(application: Application) -> str:
    return reverse("admin:multinexo_oauth_application_end_permissions", args=[application.pk])


def take(staff: Any, application: Application, *left: str) -> ClientResponse:
    data = {"name": "Tienda", "redirect_uris": application.redirect_uris, "scopes": left}
    return staff.post(page_of(application), {**NO_SECRETS, **data})


def said(answer: ClientResponse) -> str:
    return answer.content.decode()


def test_it_says_how_many_hold_it_and_asks(staff: Any, application: Application) -> None:
    answer = take(staff, application, READ)
    assert answer["Location"] == f"{end_page(application)}?scopes=products%3Awrite"
    page = said(staff.get(answer["Location"]))
    assert "Desde ahora se rechaza" in page
    assert "1 persona lo concedió" in page
    assert 'name="scopes" value="products:write"' in page
    assert Consent.objects.get().scope_names == [READ, WRITE]
    assert Application.objects.get().default_scopes == ""


def test_it_ends_it_and_records_who_did(staff: Any, staff_user: User, application: Application) -> None:
    take(staff, application, READ)
    answer = staff.post(end_page(application), {"scopes": WRITE})
    assert answer["Location"] == page_of(application)
    assert "terminó para 1 persona" in said(staff.get(answer["Location"]))
    assert Consent.objects.get().scope == READ
    assert not AccessToken.objects.exists()
    event = Event.objects.get(action="permissions_ended")
    assert (event.actor, event.detail) == (staff_user, {"scopes": [WRITE], "people": 1, "tokens": 1})
    assert "terminó" in LogEntry.objects.latest("pk").get_change_message()


def test_the_second_time_nothing_happens(staff: Any, application: Application) -> None:
    take(staff, application, READ)
    for _ in range(2):
        staff.post(end_page(application), {"scopes": WRITE})
    assert Event.objects.filter(action="permissions_ended").count() == 1
    answer = staff.get(end_page(application), {"scopes": WRITE})
    assert answer["Location"] == page_of(application)


def test_nothing_is_asked_where_nobody_holds_it(staff: Any, register: Any) -> None:
    alone = register(scopes=f"{READ} {WRITE}")
    answer = take(staff, alone, READ)
    assert answer["Location"] == reverse("admin:multinexo_oauth_application_changelist")
    assert "Nadie lo concedió" in said(staff.get(answer["Location"]))


def test_a_wildcard_for_its_scopes_takes_nothing(staff: Any, application: Application) -> None:
    answer = take(staff, application, READ, WRITE)
    assert answer["Location"] == reverse("admin:multinexo_oauth_application_changelist")


def test_of_a_service_its_tokens(staff: Any, register: Any) -> None:
    service = register(Kind.SERVICE, scopes=f"{READ} {WRITE}")
    access_token(service, None, "a token")
    AccessToken.objects.update(scope=WRITE)
    answer = take(staff, service, READ)
    assert "1 token" in said(staff.get(answer["Location"]))
    staff.post(end_page(service), {"scopes": WRITE})
    assert not AccessToken.objects.exists()


def test_who_may_only_look_may_not(application: Application) -> None:
    Application.objects.update(scopes=READ)
    viewer = staff_who_may("view")
    assert viewer.get(end_page(application), {"scopes": WRITE}).status_code == 403
    assert viewer.post(end_page(application), {"scopes": WRITE}).status_code == 403
    assert Consent.objects.get().scope_names == [READ, WRITE]


def test_an_unknown_application_is_not_found(staff: Any) -> None:
    path = reverse("admin:multinexo_oauth_application_end_permissions", args=[99])
    assert staff.get(path).status_code == staff.post(path).status_code == 404
