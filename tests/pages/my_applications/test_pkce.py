"""Where an owner excuses an application from PKCE."""

from typing import Any

import pytest

from multinexo_oauth.models import Application, Event
from tests.conformance import proves
from tests.oauth import OAuthClient

from .conftest import Developer, text

pytestmark = proves("authorize-pkce-waived")


def test_an_owner_excuses_an_application_and_has_it_required_again(ana: Developer, web: OAuthClient) -> None:
    assert "PKCE (S256)" in text(ana.open("application-credentials", web))
    assert ana.send("application-pkce", web, pkce_waived="on").status_code == 302
    assert Application.objects.get().pkce_waived
    page = text(ana.open("application-credentials", web))
    assert "puede enviar sus solicitudes sin PKCE" in page
    assert "puede hacer que esta aplicación" in page
    ana.send("application-pkce", web)
    assert not Application.objects.get().pkce_waived
    changes = Event.objects.filter(action=Event.Action.CHANGED).values_list("detail", flat=True)
    assert [detail["fields"] for detail in changes] == [["pkce_waived"], ["pkce_waived"]]
    assert "PKCE" in text(ana.open("application-activity", web))


def test_nothing_is_recorded_where_nothing_changes(ana: Developer, web: OAuthClient) -> None:
    ana.send("application-pkce", web)
    assert not Event.objects.filter(action=Event.Action.CHANGED).exists()


def test_the_address_alone_leads_back_to_the_tab(ana: Developer, web: OAuthClient) -> None:
    assert ana.open("application-pkce", web).status_code == 302


@pytest.mark.parametrize("kind", ["spa", "native", "device", "service"])
def test_no_other_kind_has_it(ana: Developer, request: pytest.FixtureRequest, kind: str) -> None:
    client = request.getfixturevalue(kind)
    assert "pkce_waived" not in ana.open("application-credentials", client).content.decode()
    assert ana.send("application-pkce", client, pkce_waived="on").status_code == 404
    assert not Application.objects.get().pkce_waived


def test_staff_alone_changes_it_where_the_site_says_so(
    ana: Developer, web: OAuthClient, settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"PKCE_WAIVER": "staff"}
    page = ana.open("application-credentials", web)
    assert "pkce_waived" not in page.content.decode()
    assert "Si no puede enviar PKCE" in text(page)
    assert ana.send("application-pkce", web, pkce_waived="on").status_code == 404
    assert not Application.objects.get().pkce_waived


def test_a_stranger_finds_nothing_and_somebody_signed_out_logs_in(eva: Developer, web: OAuthClient) -> None:
    assert eva.send("application-pkce", web, pkce_waived="on").status_code == 404
    assert Developer().send("application-pkce", web, pkce_waived="on").status_code == 302
    assert not Application.objects.get().pkce_waived
