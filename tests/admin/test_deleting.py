import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from multinexo_oauth.models import AccessToken, Application, ClientSecret, Consent, Event, Grant, RefreshToken

from .conftest import access_token, signed_in, staff_who_may
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


@pytest.fixture
def connected(application, person):
    """Somebody with everything that connects an application."""
    Consent.record(person, application, ["products:read"])
    access_token(application, person, "a token")
    return person


@pytest.mark.parametrize("many", [False, True])
def test_a_superuser_deletes_a_connected_person(staff, connected, many):
    page = reverse(
        "admin:auth_user_changelist" if many else "admin:auth_user_delete",
        args=[] if many else [connected.pk],
    )
    form = {"action": "delete_selected", "_selected_action": [connected.pk]} if many else {}
    asked = staff.post(page, form) if many else staff.get(page)
    assert not asked.context["perms_lacking"]
    assert staff.post(page, form | {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=connected.pk).exists()
    assert not Consent.objects.exists()
    assert not AccessToken.objects.exists()


def test_who_may_delete_people_alone_lacks_the_permissions_of_what_goes_with_them(connected):
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(
        Permission.objects.get(codename="delete_user"), Permission.objects.get(codename="view_user")
    )
    browser = signed_in(clerk)
    page = reverse("admin:auth_user_delete", args=[connected.pk])
    assert browser.get(page).context["perms_lacking"]
    assert browser.post(page, {"post": "yes"}).status_code == 403
    assert Consent.objects.exists()
