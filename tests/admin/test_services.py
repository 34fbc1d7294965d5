"""Whoever says for whom a service acts could act for anybody: superusers say it, other staff for themselves."""

import pytest
from django.contrib.auth.models import User

from multinexo_oauth.models import Application, Kind
from tests.conformance import proves

from .conftest import ADDRESSES, staff_who_may
from .pages import NO_SECRETS, filled_in, page_of

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
