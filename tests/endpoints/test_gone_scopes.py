"""Scopes that leave the catalogue, and come back to it, after applications and people have stored them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import timezone

from multinexo_oauth.ending.consents import withdraw_scopes
from multinexo_oauth.models import AccessToken, Application, Consent, RefreshToken
from tests.catalogue import Catalogue, site_scopes
from tests.conformance import proves
from tests.device import let_in, poll, started
from tests.documents import DocumentHost, client_at, documents
from tests.oauth import OAuthClient, Person, Products, answered, register
from tests.registration import change, client_of, manage, registered

__all__ = ["documents", "site_scopes"]
pytestmark = proves("scopes-gone")

READ, WRITE = "products:read", "products:write"
BOTH = f"{READ} {WRITE}"
INTROSPECT = "/auth/v1/introspect/"


def scope(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return sorted(answer.json()["scope"].split())


def refused(answer: Any) -> tuple[str, str]:
    assert answer.status_code == 400, answer.content
    return answer.json()["error"], answer.json().get("error_description", "")


class TestARequestThatNamesNoScope:
    def test_a_service_gets_what_is_left(self, service: OAuthClient, site_scopes: Catalogue) -> None:
        site_scopes.without(WRITE)
        assert scope(service.token("client_credentials")) == [READ]

    def test_a_service_gets_what_is_left_of_a_wildcard(self, owner: Any, site_scopes: Catalogue) -> None:
        trusted = register(owner, "service", scopes="documents:* products:read")
        site_scopes.without("documents:read", "documents:write")
        assert scope(trusted.token("client_credentials")) == [READ]

    def test_a_person_is_asked_for_what_is_left_of_the_defaults(
        self, person: Person, web: OAuthClient, site_scopes: Catalogue
    ) -> None:
        Application.objects.update(default_scopes=BOTH)
        site_scopes.without(WRITE)
        assert person.tokens(web, scope=None)["scope"] == READ

    def test_a_default_that_left_the_allow_list_is_left_out(self, person: Person, web: OAuthClient) -> None:
        Application.objects.update(default_scopes=BOTH, scopes=READ)
        assert person.tokens(web, scope=None)["scope"] == READ

    def test_a_device_gets_what_is_left_of_the_defaults(
        self, person: Person, device: OAuthClient, site_scopes: Catalogue
    ) -> None:
        Application.objects.update(default_scopes=BOTH)
        site_scopes.without(WRITE)
        codes = started(device, scope="")
        let_in(person, codes["user_code"])
        assert scope(poll(device, codes["device_code"])) == [READ]

    def test_a_service_whose_defaults_are_gone_gets_nothing_else_in_their_place(
        self, service: OAuthClient, site_scopes: Catalogue
    ) -> None:
        Application.objects.update(default_scopes=WRITE)
        site_scopes.without(WRITE)
        assert refused(service.token("client_credentials"))[0] == "invalid_scope"

    def test_nobody_gets_a_token_of_an_empty_catalogue(
        self, person: Person, service: OAuthClient, web: OAuthClient, site_scopes: Catalogue
    ) -> None:
        Application.objects.filter(kind="web").update(default_scopes=BOTH)
        site_scopes.empty()
        assert refused(service.token("client_credentials"))[0] == "invalid_scope"
        assert answered(person.visit(web, scope=None))["error"] == "invalid_scope"
        assert not AccessToken.objects.exists()

    def test_it_gets_all_again_once_the_scope_is_back(
        self, service: OAuthClient, site_scopes: Catalogue
    ) -> None:
        site_scopes.without(WRITE)
        service.token("client_credentials")
        site_scopes.without()
        assert scope(service.token("client_credentials")) == [READ, WRITE]


class TestATokenThatHasIt:
    @pytest.fixture(params=[False, True], ids=["asked", "cached"])
    def cached(self, request: pytest.FixtureRequest, settings: Any) -> bool:
        if request.param:
            settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "default"}
            caches["default"].clear()
        return request.param

    def test_opens_no_view_by_it_until_it_is_back(
        self, cached: bool, tokens: dict[str, Any], products: Products, site_scopes: Catalogue
    ) -> None:
        token = tokens["access_token"]
        assert products.create(token).status_code == 201
        site_scopes.without(WRITE)
        assert products.list(token).status_code == 200
        assert products.create(token).status_code == 403
        site_scopes.without()
        assert products.create(token).status_code == 201

    def test_a_scope_that_stays_brings_no_gone_one_along(
        self, person: Person, web: OAuthClient, products: Products, site_scopes: Catalogue
    ) -> None:
        token = person.tokens(web, scope=WRITE)["access_token"]
        assert products.list(token).status_code == 200
        site_scopes.without(READ)
        assert products.list(token).status_code == 403

    def test_introspection_tells_what_is_left(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.without(WRITE)
        for name in ("access_token", "refresh_token"):
            assert scope(web.post(INTROSPECT, {"token": tokens[name]})) == [READ]

    def test_introspection_tells_of_a_token_with_nothing_left(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.empty()
        told = web.post(INTROSPECT, {"token": tokens["access_token"]}).json()
        assert (told["active"], told["scope"]) == (True, "")

    def test_no_claims_are_told_by_it(self, login: OAuthClient, luis: Person, site_scopes: Catalogue) -> None:
        token = luis.tokens(login, scope="openid email")["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert "email" in login.http.get("/auth/v1/userinfo/", headers=headers).json()
        site_scopes.without("email")
        assert "email" not in login.http.get("/auth/v1/userinfo/", headers=headers).json()


class TestAGrantOfIt:
    def test_a_refresh_gives_what_is_left_and_all_once_it_is_back(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.without(WRITE)
        answer = web.refresh(tokens["refresh_token"])
        assert scope(answer) == [READ]
        site_scopes.without()
        assert scope(web.refresh(answer.json()["refresh_token"])) == [READ, WRITE]

    def test_a_refresh_that_names_it_is_refused_and_loses_nothing(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.without(WRITE)
        assert refused(web.refresh(tokens["refresh_token"], scope=WRITE))[0] == "invalid_scope"
        assert scope(web.refresh(tokens["refresh_token"])) == [READ]

    def test_a_code_brings_what_is_left(
        self, person: Person, web: OAuthClient, site_scopes: Catalogue
    ) -> None:
        code = person.consent(web)
        site_scopes.without(WRITE)
        assert scope(web.exchange(code)) == [READ]

    def test_a_device_that_was_let_in_gets_what_is_left(
        self, person: Person, device: OAuthClient, site_scopes: Catalogue
    ) -> None:
        codes = started(device)
        let_in(person, codes["user_code"])
        site_scopes.without(WRITE)
        assert scope(poll(device, codes["device_code"])) == [READ]

    def test_a_refresh_of_a_wildcard_client_drops_it(
        self, owner: Any, person: Person, site_scopes: Catalogue
    ) -> None:
        trusted = register(
            owner, "web", redirect_uris="https://trusted.example/cb", scopes="documents:* products:read"
        )
        tokens = person.tokens(trusted, scope="documents:read documents:write products:read")
        site_scopes.without("documents:write")
        answer = trusted.refresh(tokens["refresh_token"])
        assert scope(answer) == ["documents:read", READ]
        site_scopes.without("documents:read", "documents:write")
        assert scope(trusted.refresh(answer.json()["refresh_token"])) == [READ]

    def test_without_a_signing_key_a_login_is_refreshed_without_openid(
        self, login: OAuthClient, luis: Person, site_scopes: Catalogue
    ) -> None:
        tokens = luis.tokens(login, scope=f"openid {READ}")
        site_scopes.without_a_signing_key()
        answer = login.refresh(tokens["refresh_token"])
        assert scope(answer) == [READ]
        assert "id_token" not in answer.json()

    def test_the_person_who_withdraws_another_keeps_it_for_when_it_is_back(
        self, person: Person, owner: Any, site_scopes: Catalogue
    ) -> None:
        client = register(
            owner, "web", redirect_uris="https://x.example/cb", scopes=f"{READ} email documents:read"
        )
        tokens = person.tokens(client, scope=f"{READ} email documents:read")
        site_scopes.without("documents:read")
        withdraw_scopes(Consent.objects.get(), ["email"])
        site_scopes.without()
        assert scope(client.refresh(tokens["refresh_token"])) == ["documents:read", READ]

    def test_the_person_is_not_asked_again_once_it_is_back(
        self, person: Person, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.without(WRITE)
        assert person.tokens(web, scope=READ)["scope"] == READ
        site_scopes.without()
        assert person.visit(web, prompt="none").status_code == 302
        assert Consent.objects.get().scope == BOTH


@proves("scopes-gone-reason")
class TestTheReasonWhereNothingIsLeft:
    def test_scopes_that_are_not_offered_are_not_a_removed_consent(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.without(READ, WRITE)
        error, reason = refused(web.refresh(tokens["refresh_token"]))
        assert (error, reason) == ("invalid_grant", "None of the grant's scopes is offered any more.")

    def test_the_same_of_a_wildcard_client(self, owner: Any, person: Person, site_scopes: Catalogue) -> None:
        trusted = register(owner, "web", redirect_uris="https://trusted.example/cb", scopes="documents:*")
        tokens = person.tokens(trusted, scope="documents:*")
        site_scopes.without("documents:read", "documents:write")
        assert "offered" in refused(trusted.refresh(tokens["refresh_token"]))[1]
        site_scopes.without()
        assert scope(trusted.refresh(tokens["refresh_token"])) == ["documents:read", "documents:write"]

    def test_a_client_that_may_not_ask_any_more(self, web: OAuthClient, tokens: dict[str, Any]) -> None:
        Application.objects.update(scopes="documents:read")
        _error, reason = refused(web.refresh(tokens["refresh_token"]))
        assert reason == "The client may no longer ask for any of the grant's scopes."

    def test_one_scope_gone_and_the_other_not_allowed(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        Application.objects.update(scopes="documents:read")
        site_scopes.without(WRITE)
        assert "client" in refused(web.refresh(tokens["refresh_token"]))[1]

    def test_a_removed_consent_is_said_to_be_removed(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.without(READ, WRITE)
        Consent.objects.all().delete()
        assert refused(web.refresh(tokens["refresh_token"]))[1] == "The consent has been removed."

    def test_a_consent_that_holds_others(self, web: OAuthClient, tokens: dict[str, Any]) -> None:
        Consent.objects.update(scope="documents:read")
        _error, reason = refused(web.refresh(tokens["refresh_token"]))
        assert reason == "The consent no longer holds any of the grant's scopes."

    def test_the_refresh_token_is_not_spent(
        self, web: OAuthClient, tokens: dict[str, Any], site_scopes: Catalogue
    ) -> None:
        site_scopes.without(READ, WRITE)
        web.refresh(tokens["refresh_token"])
        assert RefreshToken.objects.filter(revoked=None, replaced_at=None).count() == 1


@pytest.mark.usefixtures("open_registration")
class TestAClientThatRegisteredItself:
    def test_it_registers_for_what_is_left_of_what_the_site_offers_such_clients(
        self, site_scopes: Catalogue
    ) -> None:
        site_scopes.without(WRITE)
        assert registered()["scope"] == READ

    def test_it_reads_its_registration_without_it(self, site_scopes: Catalogue) -> None:
        answer = registered()
        site_scopes.without(WRITE)
        assert manage("GET", answer).json()["scope"] == READ
        site_scopes.without()
        assert manage("GET", answer).json()["scope"] == BOTH

    def test_a_verified_one_changes_its_registration_and_keeps_what_it_could_not_read(
        self, person: Person, site_scopes: Catalogue
    ) -> None:
        answer = registered()
        Application.objects.update(verified=True, scopes=f"{READ} {WRITE} documents:*")
        site_scopes.without(WRITE, "documents:read", "documents:write")
        after = change(
            answer, tos_uri="https://agent.example/terms", scope=manage("GET", answer).json()["scope"]
        )
        assert after.status_code == 200, after.content
        assert after.json()["scope"] == READ
        assert set(Application.objects.get().scopes.split()) == {READ, WRITE, "documents:*"}
        site_scopes.without()
        assert person.tokens(client_of(answer), scope=BOTH)["scope"].split() == [READ, WRITE]

    def test_it_asks_for_no_scope_and_gets_what_is_left(self, person: Person, site_scopes: Catalogue) -> None:
        answer = registered()
        site_scopes.without(WRITE)
        assert person.tokens(client_of(answer), scope=None)["scope"] == READ


@pytest.mark.usefixtures("documents_site")
def test_the_document_of_a_verified_client_is_still_good_and_takes_nothing_from_it(
    person: Person, documents: DocumentHost, site_scopes: Catalogue
) -> None:
    client = client_at(documents.publish(scope=BOTH))
    person.visit(client)
    Application.objects.update(verified=True, cimd_expires_at=timezone.now() - timedelta(seconds=1))
    site_scopes.without(WRITE)
    documents.publish(scope=BOTH, client_name="Asistente", tos_uri="https://agent.example/terms")
    assert person.visit(client, scope=READ).status_code == 200
    stored = Application.objects.get()
    assert stored.terms_url == "https://agent.example/terms"
    assert set(stored.scopes.split()) == {READ, WRITE}
