import pytest
from django.utils import timezone

from multinexo_oauth.models import (
    AccessToken,
    Application,
    ClientSecret,
    Consent,
    DeviceGrant,
    Event,
    Grant,
    IDToken,
    RefreshToken,
)

from .conftest import signed_in
from .pages import add_page, list_of, page_of

pytestmark = pytest.mark.django_db

READ_ONLY = [AccessToken, ClientSecret, Consent, DeviceGrant, Event, Grant, RefreshToken]


@pytest.mark.parametrize("model", READ_ONLY)
def test_even_a_superuser_only_reads(staff, everything, model):
    row = model.objects.get(pk=next(row.pk for row in everything.rows if type(row) is model))
    before = model.objects.values().get(pk=row.pk)
    assert staff.get(page_of(row)).status_code == 200
    assert staff.get(add_page(model)).status_code == 403
    assert staff.post(add_page(model), {}).status_code == 403
    assert staff.post(page_of(row), {"scope": "everything"}).status_code == 403
    assert staff.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    assert staff.post(list_of(model), data).status_code == 403
    assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("model", [Application, *READ_ONLY])
def test_a_viewer_reads_and_nothing_else(viewer, everything, model):
    row = next(row for row in everything.rows if type(row) is model)
    assert viewer.get(list_of(model)).status_code == 200
    page = viewer.get(page_of(row))
    assert page.status_code == 200
    assert 'type="submit"' not in page.content.decode().partition('id="content-main"')[2]
    assert viewer.get(add_page(model)).status_code == 403
    assert viewer.post(page_of(row), {"name": "Otra"}).status_code == 403


@pytest.mark.parametrize("model", [Application, *READ_ONLY])
def test_staff_without_permissions_sees_nothing(everything, person, model):
    person.is_staff = True
    person.save()
    row = next(row for row in everything.rows if type(row) is model)
    for address in (list_of(model), page_of(row), page_of(row, "history")):
        assert signed_in(person).get(address).status_code == 403


@pytest.mark.parametrize("model", [Application, *READ_ONLY])
def test_others_are_sent_to_the_login(client, person, everything, model):
    row = next(row for row in everything.rows if type(row) is model)
    for browser in (client, signed_in(person)):
        for address in (list_of(model), page_of(row)):
            assert "/login/" in browser.get(address)["Location"]


def test_the_table_that_nothing_writes_is_shown_to_nobody(staff, application, person):
    row = IDToken.objects.create(application=application, user=person, expires=timezone.now(), scope="openid")
    assert staff.get(list_of(IDToken)).status_code == 403
    assert staff.get(page_of(row)).status_code == 403
    assert list_of(IDToken) not in staff.get("/admin/").content.decode()
