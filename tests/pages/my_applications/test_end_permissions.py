"""An owner takes a permission from an application, reads whom that touches, and may end it where it was granted."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from example_project.products import oauth_scopes
from multinexo_oauth.models import AccessToken, Application, Consent, Event, RefreshToken
from tests.conformance import proves
from tests.device import let_in, poll, started
from tests.oauth import OAuthClient, Person, Products, answered, register
from tests.responses import ClientResponse

from .conftest import Developer, text, url

pytestmark = proves("permissions-taken")
READ, WRITE = "products:read", "products:write"
BOTH = [READ, WRITE]


@pytest.fixture
def reader(stranger: Person, web: OAuthClient) -> dict[str, Any]:
    """The tokens of somebody who granted reading alone."""
    return stranger.tokens(web, scope=READ)


def take(ana: Developer, client: OAuthClient, *left: str) -> ClientResponse:
    """Leave the application these permissions, and follow to the page that the answer leads to."""
    answer = ana.send("application-permissions", client, scopes=left)
    assert answer.status_code == 302, answer.content
    return ana.browser.get(answer["Location"])


def end(ana: Developer, client: OAuthClient, *names: str) -> ClientResponse:
    return ana.browser.post(url("application-end-permissions", client), {"scopes": names}, follow=True)


def counted(number: int) -> str:
    return f"{number} persona" + ("s" if number != 1 else "")


class TestWhatItSays:
    def test_how_many_hold_it_that_it_is_refused_and_that_it_may_end(
        self, ana: Developer, web: OAuthClient, tokens: Any, reader: Any
    ) -> None:
        page = take(ana, web, READ)
        said = text(page)
        assert counted(1) in said
        assert "Desde ahora se rechaza" in said
        assert 'name="scopes" value="products:write"' in page.content.decode()

    def test_whoever_granted_what_includes_it_holds_it_too(
        self, ana: Developer, web: OAuthClient, person: Person, reader: Any
    ) -> None:
        person.tokens(web, scope=WRITE)
        page = text(take(ana, web, WRITE))
        assert counted(2) in page
        assert "«Crear, cambiar y eliminar sus productos» también termina" in page

    def test_nothing_is_asked_if_nobody_granted_the_permission(
        self, ana: Developer, web: OAuthClient, reader: Any
    ) -> None:
        answer = ana.send("application-permissions", web, scopes=[READ])
        assert answer["Location"] == url("application-permissions", web)
        assert "Nadie" in text(ana.browser.get(answer["Location"]))

    def test_nothing_is_asked_where_nothing_was_taken(
        self, ana: Developer, web: OAuthClient, tokens: Any
    ) -> None:
        answer = ana.send("application-permissions", web, scopes=[*BOTH, "email"])
        assert answer["Location"] == url("application-permissions", web)
        assert "Desde ahora" not in text(ana.browser.get(answer["Location"]))

    def test_it_asks_the_one_who_takes_away_a_service(self, ana: Developer, service: OAuthClient) -> None:
        service.token("client_credentials")
        page = text(take(ana, service, READ))
        assert "1 token" in page
        assert "persona" not in page

    def test_asking_changes_nothing(
        self, ana: Developer, web: OAuthClient, tokens: dict[str, Any], products: Products
    ) -> None:
        take(ana, web, READ)
        assert products.create(tokens["access_token"]).status_code == 201
        assert Consent.objects.get().scope_names == BOTH


class TestTakenAndNotEnded:
    def test_requests_that_name_it_are_refused(
        self, ana: Developer, web: OAuthClient, person: Person
    ) -> None:
        take(ana, web, READ)
        assert answered(person.visit(web, scope=WRITE))["error"] == "invalid_scope"

    def test_it_leaves_the_defaults_and_the_required_ones(self, ana: Developer, web: OAuthClient) -> None:
        Application.objects.update(default_scopes=" ".join(BOTH), required_scopes=WRITE)
        ana.send("application-permissions", web, scopes=[READ], default_scopes=BOTH, required_scopes=[WRITE])
        stored = Application.objects.get()
        assert (stored.scopes, stored.default_scopes, stored.required_scopes) == (READ, READ, "")


class TestEnded:
    def test_from_the_next_request_on(
        self, ana: Developer, web: OAuthClient, tokens: dict[str, Any], products: Products
    ) -> None:
        take(ana, web, READ)
        said = text(end(ana, web, WRITE))
        assert counted(1) in said
        assert products.create(tokens["access_token"]).status_code == 401
        answer = web.refresh(tokens["refresh_token"]).json()
        assert answer["scope"] == READ
        assert Consent.objects.get().scope_names == [READ]

    def test_put_back_on_the_list_it_is_asked_for_anew(
        self, ana: Developer, web: OAuthClient, person: Person, tokens: dict[str, Any]
    ) -> None:
        take(ana, web, READ)
        end(ana, web, WRITE)
        ana.send("application-permissions", web, scopes=BOTH)
        assert web.refresh(tokens["refresh_token"]).json()["scope"] == READ
        assert person.visit(web).status_code == 200

    def test_whoever_does_not_hold_it_notices_nothing(
        self, ana: Developer, web: OAuthClient, tokens: Any, reader: dict[str, Any], products: Products
    ) -> None:
        take(ana, web, READ)
        end(ana, web, WRITE)
        assert products.list(reader["access_token"]).status_code == 200
        assert web.refresh(reader["refresh_token"]).json()["scope"] == READ

    def test_what_is_left_with_nothing_ends_without_an_email(
        self, ana: Developer, web: OAuthClient, person: Person
    ) -> None:
        tokens = person.tokens(web, scope=WRITE)
        mail.outbox.clear()
        take(ana, web, READ)
        end(ana, web, WRITE)
        assert not Consent.objects.exists()
        assert not RefreshToken.objects.filter(revoked=None).exists()
        assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
        assert mail.outbox == []

    def test_withdrawing_a_permission_narrows_pending_codes_and_devices(
        self, ana: Developer, web: OAuthClient, device: OAuthClient, person: Person
    ) -> None:
        code = person.consent(web)
        codes = started(device)
        let_in(person, codes["user_code"])
        for client in (web, device):
            take(ana, client, READ)
            end(ana, client, WRITE)
        for answer in (web.exchange(code), poll(device, codes["device_code"])):
            assert WRITE not in answer.json().get("scope", "")

    def test_a_service_shows_its_live_tokens(
        self, ana: Developer, service: OAuthClient, products: Products
    ) -> None:
        token = service.token("client_credentials").json()["access_token"]
        other = service.token("client_credentials", scope=READ).json()["access_token"]
        take(ana, service, READ)
        end(ana, service, WRITE)
        assert products.list(token).status_code == 401
        assert products.list(other).status_code == 200

    def test_only_of_the_application_itself(
        self, ana: Developer, web: OAuthClient, spa: OAuthClient, person: Person, products: Products
    ) -> None:
        other = person.tokens(spa)
        person.tokens(web)
        take(ana, web, READ)
        end(ana, web, WRITE)
        assert products.create(other["access_token"]).status_code == 201
        assert Consent.objects.get(application=spa.application).scope_names == BOTH

    def test_a_scope_whose_name_begins_like_it_stays(
        self, ana: Developer, owner: User, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(oauth_scopes.SCOPES, "products:reads", {"label": "Read more"})
        both = f"{READ} products:reads"
        client = register(owner, "web", redirect_uris="https://x.example/cb", scopes=both)
        token = person.tokens(client, scope="products:reads")["access_token"]
        answer = ana.send("application-permissions", client, scopes=["products:reads"])
        assert answer["Location"] == url("application-permissions", client)
        end(ana, client, READ)
        assert Consent.objects.get().scope == "products:reads"
        assert Products().list(token).status_code == 403


class TestTwice:
    def test_the_second_time_nothing_is_done_or_recorded(
        self, ana: Developer, web: OAuthClient, tokens: Any
    ) -> None:
        take(ana, web, READ)
        end(ana, web, WRITE)
        again = end(ana, web, WRITE)
        assert "notice--info" in again.content.decode()
        assert Event.objects.filter(action="permissions_ended").count() == 1

    def test_the_page_of_what_has_ended_leads_back(
        self, ana: Developer, web: OAuthClient, tokens: Any
    ) -> None:
        take(ana, web, READ)
        end(ana, web, WRITE)
        answer = ana.open("application-end-permissions", web, scopes=WRITE)
        assert answer["Location"] == url("application-permissions", web)

    @pytest.mark.parametrize("names", [[READ], ["unknown"], ["\x00"], ["products:*"], []])
    def test_what_is_on_the_list_or_unknown_is_not_ended(
        self, ana: Developer, web: OAuthClient, tokens: dict[str, Any], products: Products, names: list[str]
    ) -> None:
        end(ana, web, *names)
        assert products.create(tokens["access_token"]).status_code == 201
        assert not Event.objects.filter(action="permissions_ended").exists()


class TestTheRecord:
    def test_it_is_one_event_of_the_owners_with_numbers(
        self, ana: Developer, web: OAuthClient, tokens: Any, stranger: Person
    ) -> None:
        stranger.tokens(web)
        take(ana, web, READ)
        end(ana, web, WRITE)
        event = Event.objects.get(action="permissions_ended")
        assert (event.actor, event.address) == (ana.user, "127.0.0.1")
        assert event.detail == {"scopes": [WRITE], "people": 2, "tokens": 2}
        activity = text(ana.open("application-activity", web))
        assert "Permisos de la aplicación terminados Crear, cambiar y eliminar sus productos" in activity
        assert "Personas: 2 · Tokens vigentes: 2" in activity

    def test_whoever_held_it_reads_of_it_without_who_or_whence(
        self, ana: Developer, web: OAuthClient, person: Person, tokens: Any
    ) -> None:
        take(ana, web, READ)
        ana.browser.post(
            url("application-end-permissions", web), {"scopes": WRITE}, REMOTE_ADDR="203.0.113.9"
        )
        page = person.browser.get(reverse("multinexo_oauth:connected-application", args=[web.client_id]))
        assert "Permisos de la aplicación terminados" in text(page)
        assert "203.0.113.9" not in text(page)
        assert ana.user.username not in text(page).partition("Actividad")[2]

    def test_whoever_came_later_does_not(
        self, ana: Developer, web: OAuthClient, person: Person, reader: Any
    ) -> None:
        service_page = reverse("multinexo_oauth:connected-application", args=[web.client_id])
        Consent.objects.update(scope=" ".join(BOTH))
        take(ana, web, READ)
        end(ana, web, WRITE)
        person.tokens(web, scope=READ)
        assert "terminados" not in text(person.browser.get(service_page))


class TestOthers:
    def test_a_stranger_finds_nothing(
        self, eva: Developer, web: OAuthClient, tokens: dict[str, Any], products: Products
    ) -> None:
        Application.objects.update(scopes=READ)
        assert eva.open("application-end-permissions", web, scopes=WRITE).status_code == 404
        assert eva.send("application-end-permissions", web, scopes=WRITE).status_code == 404
        assert products.create(tokens["access_token"]).status_code == 201

    def test_nobody_is_asked_to_sign_in(self, nobody: Developer, web: OAuthClient) -> None:
        answer = nobody.open("application-end-permissions", web, scopes=WRITE)
        assert "/cuentas/entrar/" in answer["Location"]

    def test_another_site_cannot_have_it_done(self, owner: User, web: OAuthClient, tokens: Any) -> None:
        Application.objects.update(scopes=READ)
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(owner)
        assert browser.post(url("application-end-permissions", web), {"scopes": WRITE}).status_code == 403
        assert AccessToken.objects.count() == 1
