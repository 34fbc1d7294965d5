"""What changes between the moment a consent page is shown, or its request is read, and the moment a code is issued."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from multinexo_oauth.ending.consents import remove_consent, withdraw_scopes
from multinexo_oauth.models import Application, Consent, Grant
from tests.catalogue import Catalogue, site_scopes
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, answered
from tests.pages.consent.meanwhile import before_the_locks
from tests.responses import ClientResponse

__all__ = ["site_scopes"]

READ_AND_WRITE = "products:read products:write"


@pytest.fixture
def shown(person: Person, web: OAuthClient) -> ClientResponse:
    """A consent page that shows one permission as authorized before and asks for another."""
    person.consent(web, scope="products:read")
    page = person.visit(web, scope=READ_AND_WRITE)
    assert "products:write" in page.content.decode()
    return page


def withdraw(names: list[str]) -> Callable[[], Any]:
    return lambda: withdraw_scopes(Consent.objects.get(), names)


def remove() -> None:
    remove_consent(Consent.objects.get())


CHANGES = pytest.mark.parametrize(
    "change", [withdraw(["products:read"]), remove], ids=["withdrawn", "removed"]
)


@proves("consent-shown-stands")
@CHANGES
def test_a_permission_withdrawn_after_the_page_opened_is_asked_again(
    person: Person, web: OAuthClient, shown: ClientResponse, change: Callable[[], Any]
) -> None:
    # Another permission keeps the consent where one is withdrawn.
    Consent.record(person.user, web.application, ["documents:read"], consent=Consent.objects.get())
    Grant.objects.all().delete()
    change()
    page = person.decide(shown)
    assert page.status_code == 409
    assert 'name="scopes" value="products:read"' in page.content.decode()
    assert not Consent.objects.filter(scope__contains="products").exists()
    assert not Grant.objects.exists()
    assert "code" in answered(person.decide(page))
    assert set(Consent.objects.get().scope.split()) >= {"products:read", "products:write"}


@proves("consent-shown-stands")
@CHANGES
def test_what_is_withdrawn_while_the_page_is_posted_does_not_come_back(
    person: Person, web: OAuthClient, shown: ClientResponse, change: Callable[[], Any]
) -> None:
    Consent.record(person.user, web.application, ["documents:read"], consent=Consent.objects.get())
    with before_the_locks(change):
        assert person.decide(shown).status_code == 409
    assert not Consent.objects.filter(scope__contains="products").exists()


@proves("consent-shown-stands")
def test_a_page_that_asked_for_everything_stays_good(person: Person, web: OAuthClient) -> None:
    page = person.visit(web, scope=READ_AND_WRITE)
    assert "code" in answered(person.decide(page))
    remove()
    assert "code" in answered(person.decide(page))


@proves("consent-shown-stands")
def test_a_silent_request_gets_nothing_of_a_consent_that_goes_meanwhile(
    person: Person, web: OAuthClient
) -> None:
    person.consent(web)
    with before_the_locks(remove):
        answer = person.visit(web, prompt="none")
    assert answer.status_code == 302
    again = person.browser.get(answer["Location"])
    assert answered(again)["error"] == "consent_required"
    assert not Grant.objects.filter(redeemed_at=None).exists()


@proves("code-password")
@pytest.mark.parametrize("prompt", ["none", None])
def test_a_request_that_was_signed_in_by_an_old_password_gets_no_code(
    person: Person, web: OAuthClient, prompt: str | None
) -> None:
    person.consent(web)

    def change_password() -> None:
        user = User.objects.get(pk=person.user.pk)
        user.set_password("another-secret-of-luis")
        user.save()

    codes = Grant.objects.count()
    with before_the_locks(change_password):
        answer = person.visit(web, prompt=prompt)
    assert "code=" not in answer.get("Location", "")
    assert Grant.objects.count() == codes


@proves("code-password")
def test_a_page_posted_by_a_session_of_an_old_password_grants_nothing(
    person: Person, web: OAuthClient
) -> None:
    page = person.visit(web)

    def change_password() -> None:
        user = User.objects.get(pk=person.user.pk)
        user.set_password("another-secret-of-luis")
        user.save()

    with before_the_locks(change_password):
        assert person.decide(page).status_code == 400
    assert not Consent.objects.exists()


@proves("never-a-server-error")
@pytest.mark.parametrize("silent", [True, False])
def test_an_application_that_is_deleted_meanwhile_is_unknown(
    person: Person, web: OAuthClient, silent: bool
) -> None:
    if silent:
        person.consent(web)
    page = None if silent else person.visit(web)
    with before_the_locks(lambda: Application.objects.get().delete()):
        answer = person.decide(page) if page else person.visit(web)
    assert answer.status_code == 400
    assert "Unknown client_id" in answer.content.decode()


@proves("consent-shown-stands")
def test_a_permission_that_left_the_catalogue_is_not_granted_by_an_older_page(
    person: Person, web: OAuthClient, site_scopes: Catalogue
) -> None:
    page = person.visit(web, scope=READ_AND_WRITE)
    site_scopes.without("products:write")
    assert person.decide(page).status_code == 400
    assert not Consent.objects.exists()


@proves("consent-implied")
def test_a_consent_to_what_includes_a_permission_covers_it(person: Person, web: OAuthClient) -> None:
    person.consent(web, scope="products:write")
    assert "code" in answered(person.visit(web, scope="products:read", prompt="none"))
    assert Consent.objects.get().scope == "products:write"


@proves("consent-implied")
def test_what_was_only_included_goes_with_what_included_it(
    person: Person, web: OAuthClient, products: Any
) -> None:
    person.consent(web, scope="products:write")
    Consent.record(person.user, web.application, ["documents:read"], consent=Consent.objects.get())
    tokens = person.tokens(web, scope="products:read")
    assert tokens["scope"] == "products:read"
    withdraw_scopes(Consent.objects.get(), ["products:write"])
    assert products.list(tokens["access_token"]).status_code == 401
    assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
