"""Two tabs of one form, or an owner and staff at once: a form saves what its person changed, and nothing else."""

from typing import Any

import pytest

from multinexo_oauth.models import Application, Event
from tests.conformance import proves
from tests.oauth import OAuthClient
from tests.responses import ClientResponse

from .conftest import Developer, errors

CHANGED = "Otra persona u otra pestaña cambió esto entretanto. Ahora es: "
pytestmark = proves("form-saves-changes")


def filled(page: ClientResponse, **changes: Any) -> dict[str, Any]:
    """Return the form of a page as a browser sends it, some fields changed by the person."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changes).items() if value not in (None, False, [], "")}


def test_saving_one_tab_does_not_restore_what_another_removed(ana: Developer, web: OAuthClient) -> None:
    Application.objects.update(redirect_uris="https://web.example/a https://web.example/b")
    stale = ana.open("application", web)
    ana.send(
        "application", web, **filled(ana.open("application", web), redirect_uris="https://web.example/a")
    )
    answer = ana.send("application", web, **filled(stale, description="Vende yerba."))
    assert answer.status_code == 302
    application = Application.objects.get()
    assert application.redirect_uris == "https://web.example/a"
    assert application.description == "Vende yerba."
    changed = Event.objects.filter(action=Event.Action.CHANGED).order_by("pk")
    assert [event.detail["fields"] for event in changed] == [["redirect_uris"], ["description"]]


def test_what_both_changed_is_refused_with_what_it_is_now_and_nothing_is_lost(
    ana: Developer, web: OAuthClient
) -> None:
    stale = ana.open("application", web)
    Application.objects.update(name="Otra")
    page = ana.send("application", web, **filled(stale, name="Tercera", description="Vende yerba."))
    assert errors(page) == {"name": [CHANGED + "Otra"]}
    assert page.context["form"]["description"].value() == "Vende yerba."
    assert Application.objects.get().description == ""
    assert ana.send("application", web, **filled(page)).status_code == 302
    assert Application.objects.get().name == "Tercera"


def test_the_same_change_twice_is_no_conflict(ana: Developer, web: OAuthClient) -> None:
    stale = ana.open("application", web)
    Application.objects.update(name="Otra")
    assert ana.send("application", web, **filled(stale, name="Otra")).status_code == 302


def test_a_permission_that_staff_took_meanwhile_does_not_come_back(ana: Developer, web: OAuthClient) -> None:
    Application.objects.update(scopes="products:read products:write documents:read")
    stale = ana.open("application-permissions", web)
    Application.objects.update(scopes="products:read")
    ana.send("application-permissions", web, **filled(stale, required_scopes=["products:read"]))
    application = Application.objects.get()
    assert (application.scopes, application.required_scopes) == ("products:read", "products:read")


def test_permissions_that_both_changed_are_refused(ana: Developer, web: OAuthClient) -> None:
    stale = ana.open("application-permissions", web)
    Application.objects.update(scopes="products:read")
    page = ana.send("application-permissions", web, **filled(stale, scopes=["products:write"]))
    assert set(errors(page)) == {"scopes"}
    assert Application.objects.get().scopes == "products:read"


def test_a_change_of_the_brand_leaves_a_contact_that_staff_changed(ana: Developer, web: OAuthClient) -> None:
    stale = ana.open("application-brand", web)
    Application.objects.update(support_email="new@example.com")
    ana.send("application-brand", web, **filled(stale, privacy_url="https://web.example/privacy"))
    application = Application.objects.get()
    assert (application.support_email, application.privacy_url) == (
        "new@example.com",
        "https://web.example/privacy",
    )


@pytest.mark.parametrize(
    "shown", ["", "x", "[]", "{}", "[" * 10000, '{"name": ["x"]}', '{"redirect_uris": 1}', "1e999"]
)
def test_a_form_that_does_not_say_what_it_showed_is_compared_with_now(
    ana: Developer, web: OAuthClient, shown: str
) -> None:
    form = filled(ana.open("application", web), name="Otra")
    assert ana.send("application", web, **(form | {"shown": shown})).status_code == 302
    assert Application.objects.get().name == "Otra"
