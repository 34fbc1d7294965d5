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
