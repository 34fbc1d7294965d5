import pytest
from django.db import IntegrityError, connection

from multinexo_oauth.models import Application, Kind

from .conftest import ADDRESSES, signed_in
from .pages import NO_SECRETS, add_page, filled_in, page_of

pytestmark = pytest.mark.django_db


def errors(answer) -> dict[str, list[str]]:
    """Return the messages that stand beside each field."""
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("kind", "uri"),
    [
        (Kind.WEB, ""),
        (Kind.WEB, "http://shop.example.com/callback"),
        (Kind.WEB, "https://shop.example.com/#fragment"),
        (Kind.WEB, "https://*.example.com/"),
        (Kind.SPA, "javascript:alert(1)"),
        (Kind.NATIVE, "myapp:/callback"),
        (Kind.NATIVE, "com.example.app://callback"),
        (Kind.NATIVE, "cursor://callback"),
        (Kind.WEB, "https://app.example/cb/../evil"),
    ],
)
def test_a_redirect_uri_that_the_kind_refuses(staff, owner, kind, uri):
    address, data = filled_in(staff, kind, user=owner.pk, redirect_uris=uri)
    answer = staff.post(address, data)
    assert list(errors(answer)) == ["redirect_uris"]
    assert not Application.objects.exists()


def test_an_origin_with_a_path(staff, owner):
    values = {"redirect_uris": ADDRESSES[Kind.SPA], "allowed_origins": "https://page.example.com/path"}
    address, data = filled_in(staff, Kind.SPA, user=owner.pk, **values)
    assert list(errors(staff.post(address, data))) == ["allowed_origins"]


def test_a_scope_outside_the_catalogue(staff, owner):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk, scopes=["everything"])
    assert list(errors(staff.post(address, data))) == ["scopes"]


def test_a_default_scope_beyond_the_allow_list(staff, owner):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk, default_scopes=["products:write"])
    assert list(errors(staff.post(address, data))) == ["default_scopes"]


def test_nobody_as_owner(staff):
    address, data = filled_in(staff, Kind.SERVICE)
    assert list(errors(staff.post(address, data))) == ["user"]


@pytest.mark.parametrize("name", ["", "Tien\u200bda", "\u202eadneiT", "x" * 81])
def test_a_name_that_cannot_be_read(staff, owner, name):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk, name=name)
    assert list(errors(staff.post(address, data))) == ["name"]


@pytest.mark.parametrize("submission", ["", "chosen-by-hand", "InhhY2siCg:1abc:forged"])
def test_a_form_that_this_site_did_not_make(staff, owner, submission):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk)
    answer = staff.post(address, {**data, "submission": submission})
    assert list(errors(answer)) == ["__all__"]
    assert not Application.objects.exists()


def test_a_failure_of_the_database_is_no_second_click(staff, owner):
    address, data = filled_in(staff, Kind.SERVICE, user=owner.pk)

    def failing(execute, sql, *arguments):
        if sql.startswith("INSERT"):
            raise IntegrityError
        return execute(sql, *arguments)

    with connection.execute_wrapper(failing), pytest.raises(IntegrityError):
        staff.post(address, data)


def test_an_unknown_kind_is_asked_again(staff):
    page = staff.get(f"{add_page(Application)}?kind=password").content.decode()
    assert 'href="?kind=web"' in page


def test_an_edit_obeys_the_same_rules(staff, application, owner):
    data = {"name": "Tienda", "user": owner.pk, "redirect_uris": "http://shop.example.com/", **NO_SECRETS}
    assert list(errors(staff.post(page_of(application), data))) == ["redirect_uris"]


def test_an_edit_does_not_undo_a_suspension_at_the_same_moment(staff, application, owner):
    data = {"name": "Kiosco", "user": owner.pk, "redirect_uris": ADDRESSES[Kind.WEB], **NO_SECRETS}

    at_work: list[bool] = []

    def a_colleague(execute, sql, *arguments):
        """Suspend the application after the form has read it and before it writes."""
        if sql.startswith("UPDATE") and not at_work:
            at_work.append(True)
            application.suspend()
        return execute(sql, *arguments)

    with connection.execute_wrapper(a_colleague):
        staff.post(page_of(application), data)
    application.refresh_from_db()
    assert (application.name, application.is_suspended) == ("Kiosco", True)


def test_a_person_without_the_admin_is_sent_to_its_login(client, person):
    for browser in (client, signed_in(person)):
        answer = browser.get(f"{add_page(Application)}?kind=web")
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]
