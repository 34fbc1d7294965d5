"""Staff's form of an application saves what was changed in it, and nothing else."""

import re

import pytest

from multinexo_oauth.models import Application
from tests.conformance import proves

from .pages import NO_SECRETS, page_of

pytestmark = [pytest.mark.django_db, proves("form-saves-changes")]


def sent(page, **changes):
    """Return staff's form as a browser sends it, some fields changed."""
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields} | changes
    return {name: value for name, value in values.items() if value not in (None, False, [], "")} | NO_SECRETS


def test_what_was_changed_meanwhile_stays(staff, application):
    stale = staff.get(page_of(application))
    Application.objects.update(redirect_uris="https://other.example/callback", scopes="products:write")
    assert staff.post(page_of(application), sent(stale, description="Vende yerba.")).status_code == 302
    application.refresh_from_db()
    assert application.redirect_uris == "https://other.example/callback"
    assert (application.scopes, application.description) == ("products:write", "Vende yerba.")


def test_what_both_changed_is_refused(staff, application):
    stale = staff.get(page_of(application))
    Application.objects.update(name="Otra")
    page = staff.post(page_of(application), sent(stale, name="Tercera"))
    assert list(page.context["adminform"].form.errors) == ["name"]
    assert re.search("Ahora es: Otra|It is now: Otra", page.content.decode())
    application.refresh_from_db()
    assert application.name == "Otra"


def test_an_owner_that_was_changed_meanwhile_stays(staff, application, person):
    stale = staff.get(page_of(application))
    Application.objects.update(user=person)
    staff.post(page_of(application), sent(stale, name="Otra"))
    application.refresh_from_db()
    assert (application.user, application.name) == (person, "Otra")


def test_what_it_is_now_is_said_in_words(staff, application, person, staff_user):
    stale = staff.get(page_of(application))
    Application.objects.update(
        description="",
        user=person,
        scopes="products:write",
        redirect_uris="https://a.example/\nhttps://b.example/",
    )
    changes = {"user": staff_user.pk, "scopes": ["documents:read"], "redirect_uris": "https://c.example/"}
    page = staff.post(page_of(application), sent(stale, **changes))
    told = {name: " ".join(problems) for name, problems in page.context["adminform"].form.errors.items()}
    assert told["user"].endswith(": luis")
    assert told["scopes"].endswith(": «Crear, cambiar y eliminar sus productos»")
    assert told["redirect_uris"].endswith(": \nhttps://a.example/\nhttps://b.example/")


def test_what_is_empty_now_is_said_to_be(staff, application):
    Application.objects.update(description="Vende yerba.")
    stale = staff.get(page_of(application))
    Application.objects.update(description="")
    page = staff.post(page_of(application), sent(stale, description="Vende mate."))
    assert page.context["adminform"].form.errors["description"][0].endswith(": (vacío)")
