import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from multinexo_oauth.interface.once import reserved
from multinexo_oauth.models import Application, ClientSecret, Event, Kind
from tests.conformance import proves

from .conftest import ADDRESSES
from .pages import NO_SECRETS, add_page, filled_in, list_of, page_of, shown_secret

pytestmark = pytest.mark.django_db


def test_the_kind_is_asked_first(staff):
    page = staff.get(add_page(Application)).content.decode()
    for kind in Kind:
        assert f'href="?kind={kind.value}"' in page
    assert 'name="name"' not in page


@pytest.mark.parametrize("kind", Kind)
def test_only_the_fields_of_the_kind_are_asked(staff, kind):
    page = staff.get(f"{add_page(Application)}?kind={kind.value}").content.decode()
    assert ('name="redirect_uris"' in page) == kind.has_redirect_uris
    assert ('name="post_logout_redirect_uris"' in page) == kind.has_redirect_uris
    assert ('name="allowed_origins"' in page) == kind.has_origins
    assert ('name="required_scopes"' in page) == kind.has_people
    assert ('name="resource_server"' in page) == kind.has_secret
    assert 'type="checkbox" name="scopes" value="products:write"' in page


@pytest.mark.parametrize("kind", Kind)
def test_staff_registers_every_kind_for_an_owner(staff, owner, kind):
    values = {"redirect_uris": ADDRESSES[kind]} if kind.has_redirect_uris else {}
    address, data = filled_in(staff, kind, user=owner.pk, **values)
    staff.post(address, data)
    application = Application.objects.get()
    assert (application.kind, application.user, application.scope_names) == (kind, owner, ["products:read"])
    assert application.client_type == kind.client_type
    assert application.secrets.count() == int(kind.has_secret)


@proves("introspect-whose")
@pytest.mark.parametrize("kind", [Kind.WEB, Kind.SERVICE])
def test_staff_marks_a_resource_server(staff, register, kind):
    application = register(kind)
    form = {
        "name": "API",
        "user": application.user_id,
        "redirect_uris": application.redirect_uris,
        "scopes": ["products:read"],
        "resource_server": "on",
    }
    staff.post(page_of(application), form | NO_SECRETS)
    application.refresh_from_db()
    assert application.resource_server


def test_the_secret_is_shown_in_the_answer_alone(staff, owner):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk)
    answer = staff.post(address, data)
    value = shown_secret(answer)
    application = Application.objects.get()
    assert ClientSecret.objects.matching(value).get().application == application
    assert "no-store" in answer["Cache-Control"]
    assert value not in staff.get(page_of(application)).content.decode()
    assert value not in staff.get(page_of(application, "history")).content.decode()
    assert value not in str(dict(staff.session))
    assert not any(value in cookie.value for cookie in staff.cookies.values())
    assert value not in str([*LogEntry.objects.values(), *Event.objects.values()])


def test_a_reloaded_answer_makes_no_second_application(staff, owner):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk)
    staff.post(address, data)
    again = staff.post(address, data)
    assert again.url == page_of(Application.objects.get())
    assert ClientSecret.objects.count() == 1


def test_two_clicks_at_once_make_one_application(staff, staff_user, owner, register):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk)
    client_id = reserved(data["submission"], staff_user)

    def the_other_click(execute, sql, *arguments):
        """Save between this request's look at what exists and its own transaction."""
        if sql.startswith("SAVEPOINT") and not Application.objects.exists():
            register(Kind.SERVICE, client_id=client_id)
        return execute(sql, *arguments)

    with connection.execute_wrapper(the_other_click):
        answer = staff.post(address, data)
    assert answer.url == page_of(Application.objects.get())


def test_a_form_put_right_still_registers(staff, owner):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk, name="")
    assert staff.post(address, data).status_code == 200
    staff.post(address, {**data, "name": "Tienda"})
    assert Application.objects.count() == 1


def test_the_origins_of_a_page_follow_from_its_redirect_uris(staff, owner):
    address, data = filled_in(staff, Kind.SPA, user=owner.pk, redirect_uris=ADDRESSES[Kind.SPA])
    staff.post(address, data)
    assert Application.objects.get().allowed_origins == "https://page.example.com"


def test_registering_is_recorded(staff, staff_user, owner):
    address, data = filled_in(staff, Kind.DEVICE, user=owner.pk)
    staff.post(address, data)
    event = Event.objects.get(action=Event.Action.CREATED)
    assert (event.actor, event.address) == (staff_user, "127.0.0.1")
    assert LogEntry.objects.get().object_id == str(event.application_id)


def test_staff_edits_an_application(staff, application, owner):
    data = {
        "name": "Kiosco",
        "user": owner.pk,
        "redirect_uris": "https://kiosk.example.com/a\nhttps://kiosk.example.com/b",
        "scopes": ["products:read", "products:write"],
        **NO_SECRETS,
    }
    assert staff.post(page_of(application), data).status_code == 302
    application.refresh_from_db()
    assert application.name == "Kiosco"
    assert application.scope_names == ["products:read", "products:write"]
    assert len(application.redirect_uris.split()) == 2
    changed = Event.objects.get(action=Event.Action.CHANGED)
    assert set(changed.detail["fields"]) == {"name", "redirect_uris", "scopes"}


def test_saving_what_is_there_records_nothing(staff, application, owner):
    data = {"name": "Tienda", "user": owner.pk, "redirect_uris": ADDRESSES[Kind.WEB]}
    staff.post(page_of(application), {**data, "scopes": ["products:read"], **NO_SECRETS})
    assert not Event.objects.exists()


def test_the_kind_stays_as_it_was_made(staff, application, owner):
    data = {"name": "Tienda", "user": owner.pk, "redirect_uris": ADDRESSES[Kind.WEB], "kind": "native"}
    staff.post(page_of(application), {**data, **NO_SECRETS})
    application.refresh_from_db()
    assert application.kind == Kind.WEB


def test_an_application_whose_owner_left_can_be_edited(staff, register):
    orphan = register(Kind.DEVICE, user=None)
    assert staff.post(page_of(orphan), {"name": "Caja", "scopes": ["products:read"]}).status_code == 302
    orphan.refresh_from_db()
    assert orphan.name == "Caja"


def test_leftovers_of_another_kind_are_cleared_by_an_edit(staff, register):
    device = register(Kind.DEVICE, redirect_uris="https://old.example.com/")
    staff.post(page_of(device), {"name": "Caja", "scopes": ["products:read"]})
    device.refresh_from_db()
    assert device.redirect_uris == ""


@proves("authorize-pkce-waived")
@pytest.mark.parametrize("kind", list(Kind))
def test_a_web_server_alone_can_be_excused_from_pkce(staff, kind):
    page = staff.get(f"{add_page(Application)}?kind={kind.value}")
    assert ('name="pkce_waived"' in page.content.decode()) == (kind is Kind.WEB)


@proves("authorize-pkce-waived")
def test_the_list_shows_who_is_excused_from_pkce(staff, owner):
    for name, waived in (("Con", False), ("Sin", True)):
        Application.objects.create(user=owner, kind=Kind.WEB, name=name, pkce_waived=waived)
    page = staff.get(list_of(Application), {"pkce_waived__exact": 1})
    assert [row.name for row in page.context["cl"].result_list] == ["Sin"]
