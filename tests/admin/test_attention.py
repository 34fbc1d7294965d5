"""What is stored and the rules take no longer keeps staff from nothing, and is told when it saves."""

from typing import Any

import pytest
from django.contrib.messages import get_messages

from multinexo_oauth.admin.application_form import ApplicationForm
from multinexo_oauth.models import Application, Kind
from tests.catalogue import Catalogue, site_scopes
from tests.conformance import proves

from .conftest import ADDRESSES
from .pages import NO_SECRETS, filled_in, page_of

__all__ = ["site_scopes"]
pytestmark = [pytest.mark.django_db, proves("my-applications-attention")]
BOTH = "products:read products:write"


def save(staff: Any, application: Application, **values: Any) -> Any:
    """Save the page as it stands, some values changed."""
    page = staff.get(page_of(application))
    assert page.status_code == 200
    form = page.context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value not in (None, False)}
    return staff.post(page_of(application), {**NO_SECRETS, **data, **values})


def told(answer: Any) -> list[str]:
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    return [str(message) for message in get_messages(answer.wsgi_request) if message.level_tag == "warning"]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_scope_that_left_the_catalogue_stays_and_is_told(
    staff: Any, register: Any, kind: Kind, site_scopes: Catalogue
) -> None:
    lists = {"scopes": BOTH, "default_scopes": BOTH}
    application = register(kind, **lists)
    site_scopes.without("products:write")
    (said,) = told(save(staff, application, name="Otra"))
    assert "«products:write»" in said
    application.refresh_from_db()
    assert application.name == "Otra"
    assert (set(application.scopes.split()), set(application.default_scopes.split())) == (
        set(BOTH.split()),
        set(BOTH.split()),
    )


def test_a_wildcard_without_matches_needs_attention_too(
    staff: Any, register: Any, site_scopes: Catalogue
) -> None:
    application = register(scopes="products:read documents:*")
    site_scopes.without("documents:read", "documents:write")
    (said,) = told(save(staff, application))
    assert "documents:*" in said
    assert Application.objects.get().scopes == "products:read documents:*"
    assert told(save(staff, application, scopes=["products:read"])) == []
    assert Application.objects.get().scopes == "products:read"


def test_an_empty_catalogue_keeps_no_application_from_being_saved(
    staff: Any, register: Any, site_scopes: Catalogue
) -> None:
    application = register(scopes=BOTH, required_scopes="products:read")
    site_scopes.empty()
    assert len(told(save(staff, application, name="Otra"))) == 1
    assert Application.objects.get().name == "Otra"


@pytest.mark.parametrize(
    "stored",
    [
        {"redirect_uris": "http://x.example/cb"},
        {"allowed_origins": "*"},
        {"default_scopes": "email"},
        {"required_scopes": "email"},
        {"scopes": "unknown products:read"},
    ],
    ids=str,
)
def test_a_form_without_the_field_saves_what_it_holds(
    staff: Any, register: Any, stored: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    application = register(Kind.SPA, allowed_origins="https://page.example.com")
    Application.objects.update(**stored)
    (name,) = stored
    without = type("WithoutIt", (ApplicationForm,), {name: None})
    monkeypatch.setattr("multinexo_oauth.admin.application_form.ApplicationForm", without)
    monkeypatch.setattr(
        "multinexo_oauth.admin.application.fieldsets",
        lambda kind, adding: [(None, {"fields": ["name"]})],
    )
    answer = staff.post(page_of(application), {**NO_SECRETS, "name": "Otra"})
    assert len(told(answer)) == 1
    kept = Application.objects.get()
    assert (kept.name, getattr(kept, name)) == ("Otra", stored[name])


def test_what_leaves_the_allow_list_leaves_the_defaults_and_the_required_ones(
    staff: Any, register: Any
) -> None:
    application = register(scopes=BOTH, default_scopes=BOTH, required_scopes="products:write")
    save(staff, application, scopes=["products:read"])
    application.refresh_from_db()
    lists = (application.scopes, application.default_scopes, application.required_scopes)
    assert lists == ("products:read", "products:read", "")


def test_a_new_application_takes_no_scope_that_left(staff: Any, owner: Any, site_scopes: Catalogue) -> None:
    site_scopes.without("email")
    values = {"user": owner.pk, "redirect_uris": ADDRESSES[Kind.WEB], "scopes": ["email"]}
    address, data = filled_in(staff, Kind.WEB, **values)
    answer = staff.post(address, data)
    assert set(answer.context["adminform"].form.errors) == {"scopes"}
