import pytest
from django.contrib.admin.models import LogEntry

from multinexo_oauth.models import AccessToken, Application, ClientSecret, Consent, Event, Grant, RefreshToken

from .conftest import staff_who_may
from .pages import act, page_of

pytestmark = pytest.mark.django_db


def test_deleting_asks_and_tells_what_ends_in_numbers(staff, everything, application):
    answer = staff.get(page_of(application, "delete"))
    assert [number for _name, number in answer.context["model_count"]] == [1, 1, 1, 1, 1]
    assert Application.objects.exists()


def test_everything_of_a_deleted_application_ends_with_it(staff, client, everything, application):
    bearer = {"Authorization": "Bearer planted-access-token"}
    assert client.get("/api/v1/products/", headers=bearer).status_code == 200
    staff.post(page_of(application, "delete"), {"post": "yes"})
    for model in (Application, AccessToken, RefreshToken, Grant, ClientSecret, Consent):
        assert not model.objects.exists()
    assert client.get("/api/v1/products/", headers=bearer).status_code == 401


def test_the_deletion_can_still_be_told(staff, staff_user, application):
    staff.post(page_of(application, "delete"), {"post": "yes"})
    event = Event.objects.get(action=Event.Action.DELETED)
    assert (event.application, event.application_name, event.actor) == (None, "Tienda", staff_user)
    assert LogEntry.objects.get().object_repr == "Tienda"


def test_several_are_deleted_at_once(staff, register):
    rows = [register(name="Una"), register(name="Otra")]
    assert "Una" in act(staff, "delete_selected", *rows, index=0).content.decode()
    act(staff, "delete_selected", *rows, post="yes")
    assert not Application.objects.exists()
    assert Event.objects.filter(action=Event.Action.DELETED).count() == 2


@pytest.mark.parametrize("may", ["view", "change"])
def test_staff_without_the_permission(application, may):
    browser = staff_who_may(may)
    assert browser.post(page_of(application, "delete"), {"post": "yes"}).status_code == 403
    assert act(browser, "delete_selected", application, post="yes").status_code == 403
    assert Application.objects.exists()
