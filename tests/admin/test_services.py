"""Whoever says for whom a service acts could act for anybody: superusers say it, other staff for themselves."""

import pytest
from django.contrib.auth.models import User

from multinexo_oauth.models import Application, ClientSecret, Kind
from tests.conformance import proves

from .conftest import ADDRESSES, staff_who_may
from .pages import NO_SECRETS, filled_in, issue_page, page_of

pytestmark = [pytest.mark.django_db, proves("service-owner")]
FORM = {"name": "Stock", "scopes": ["products:read"]} | NO_SECRETS


@pytest.fixture
def service(register):
    return register(Kind.SERVICE, "Stock")


def test_who_may_change_applications_gives_a_service_no_other_owner(service, person):
    answer = staff_who_may("view", "change").post(page_of(service), FORM | {"user": person.pk})
    before = service.user
    service.refresh_from_db()
    assert (answer.status_code, service.name, service.user) == (302, "Stock", before)


def test_an_application_that_acts_for_people_may_come_to_another_owner(application, person):
    form = FORM | {"user": person.pk, "redirect_uris": ADDRESSES[Kind.WEB]}
    staff_who_may("view", "change").post(page_of(application), form)
    application.refresh_from_db()
    assert application.user == person


def test_a_superuser_gives_it_another_owner(staff, service, person):
    staff.post(page_of(service), FORM | {"user": person.pk})
    service.refresh_from_db()
    assert service.user == person


def test_who_may_add_applications_registers_services_for_themselves(person):
    browser = staff_who_may("view", "add")
    browser.post(*filled_in(browser, Kind.SERVICE, user=person.pk))
    assert Application.objects.get().user == User.objects.get(username="view-add")


@pytest.fixture
def superusers(service, staff_user):
    """A service that acts for a superuser."""
    service.user = staff_user
    service.save()
    return service


def test_who_may_change_applications_does_not_widen_what_a_service_does_for_another_person(superusers):
    form = {"name": "Renombrada", "scopes": ["products:read", "products:write"]} | NO_SECRETS
    page = staff_who_may("view", "change").get(page_of(superusers))
    assert 'name="scopes"' not in page.content.decode()
    before = superusers.scopes
    assert staff_who_may("view", "change", "x").post(page_of(superusers), form).status_code == 302
    superusers.refresh_from_db()
    assert (superusers.name, superusers.scopes) == ("Renombrada", before)


def test_who_may_add_secrets_makes_none_for_a_service_of_another_person(superusers):
    browser = staff_who_may("view", "add", "change")
    assert "issue" not in browser.get(page_of(superusers)).content.decode().partition('id="content-main"')[2]
    assert browser.get(issue_page(superusers)).status_code == 403
    assert browser.post(issue_page(superusers), {"newest": 0}).status_code == 403
    assert not ClientSecret.objects.exists()


def test_a_superuser_changes_and_uses_it(staff, superusers):
    form = {"name": "Stock", "user": superusers.user_id, "scopes": ["products:write"]} | NO_SECRETS
    staff.post(page_of(superusers), form)
    superusers.refresh_from_db()
    assert superusers.scopes == "products:write"
    assert staff.post(issue_page(superusers), {"newest": 0}).status_code == 200


def test_staff_changes_what_acts_for_themselves_or_for_nobody(service):
    browser = staff_who_may("view", "add", "change")
    for user in (User.objects.get(username="view-add-change"), None):
        Application.objects.update(user=user, scopes="products:read")
        ClientSecret.objects.all().delete()
        browser.post(page_of(service), {"name": "Stock", "scopes": ["products:write"]} | NO_SECRETS)
        service.refresh_from_db()
        assert service.scopes == "products:write"
        assert browser.post(issue_page(service), {"newest": 0}).status_code == 200
