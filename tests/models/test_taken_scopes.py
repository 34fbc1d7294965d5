"""Ending a permission that many people granted: some at a time, finished by `cleartokens`, nothing lost midway."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_save
from django.utils import timezone

from multinexo_oauth.ending import permissions
from multinexo_oauth.ending.consents import remove_consent, withdraw_scopes
from multinexo_oauth.models import AccessToken, Application, Consent, Event, RefreshToken
from tests.at_once import at_once
from tests.catalogue import Catalogue, site_scopes
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, register

__all__ = ["site_scopes"]
pytestmark = proves("permissions-taken-many")
READ, WRITE = "products:read", "products:write"
BOTH = f"{READ} {WRITE}"
MANY = 7


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "PEOPLE_AT_ONCE", 2)
    monkeypatch.setattr(permissions, "TOKENS_AT_ONCE", 2)


@pytest.fixture
def many(web: OAuthClient) -> list[dict[str, Any]]:
    """The tokens of people who granted both, while the application may ask for reading alone."""
    people = [Person(User.objects.create_user(f"person{number}")) for number in range(MANY)]
    granted = [person.tokens(web) for person in people]
    Application.objects.update(scopes=READ)
    return granted


def holding() -> int:
    return Consent.objects.filter(scope__contains=WRITE).count()


def end(application: Application) -> permissions.Holders:
    return permissions.end_permissions(application, [WRITE])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "PATIENCE_SECONDS", 0)


def test_everybody_is_narrowed_however_many(web: OAuthClient, many: list[dict[str, Any]]) -> None:
    assert end(web.application) == permissions.Holders(people=MANY, tokens=MANY)
    assert holding() == 0
    assert Application.objects.get().ending_scopes == ""
    for tokens in many:
        assert web.refresh(tokens["refresh_token"]).json()["scope"] == READ


@pytest.mark.usefixtures("impatient")
def test_long_deletions_are_left_to_cleartokens_and_take_effect_at_once(
    web: OAuthClient, many: list[dict[str, Any]]
) -> None:
    end(web.application)
    assert holding() == MANY - 2
    assert not AccessToken.objects.filter(scope__contains=WRITE).exists()
    assert web.refresh(many[-1]["refresh_token"]).json()["scope"] == READ
    call_command("cleartokens", verbosity=0)
    assert holding() == 0
    assert Application.objects.get().ending_scopes == ""
    assert not RefreshToken.objects.filter(revoked=None, scope__contains=WRITE).exists()


@pytest.mark.usefixtures("impatient")
def test_told_again_meanwhile_it_is_recorded_once(web: OAuthClient, many: list[dict[str, Any]]) -> None:
    end(web.application)
    end(web.application)
    assert Event.objects.filter(action="permissions_ended").count() == 1
    assert holding() < MANY - 2


@pytest.mark.usefixtures("impatient")
def test_put_back_on_the_list_it_ends_for_nobody_else(web: OAuthClient, many: list[dict[str, Any]]) -> None:
    end(web.application)
    Application.objects.update(scopes=BOTH)
    call_command("cleartokens", verbosity=0)
    assert holding() == MANY - 2
    assert Application.objects.get().ending_scopes == ""


@pytest.mark.usefixtures("impatient")
def test_gone_from_the_catalogue_meanwhile_it_ends_once_it_is_back(
    web: OAuthClient, many: list[dict[str, Any]], site_scopes: Catalogue
) -> None:
    end(web.application)
    site_scopes.without(WRITE)
    call_command("cleartokens", verbosity=0)
    assert holding() == MANY - 2
    site_scopes.without()
    call_command("cleartokens", verbosity=0)
    assert holding() == 0


def test_a_failure_midway_leaves_nothing_half_done(web: OAuthClient, many: list[dict[str, Any]]) -> None:
    def fail(instance: Event, **kwargs: Any) -> None:
        if (
            instance.action == "consent_reduced"
            and Event.objects.filter(action="consent_reduced").count() > 3
        ):
            raise RuntimeError

    post_save.connect(fail, sender=Event)
    try:
        with pytest.raises(RuntimeError):
            end(web.application)
    finally:
        post_save.disconnect(fail, sender=Event)
    assert holding() == MANY - 2
    assert RefreshToken.objects.filter(revoked=None, scope__contains=WRITE).count() == MANY - 2
    call_command("cleartokens", verbosity=0)
    assert holding() == 0


def test_an_application_that_is_gone_ends_nothing(web: OAuthClient) -> None:
    application = Application.objects.get()
    Application.objects.all().delete()
    assert not end(application)


def test_deleting_a_service_reports_only_its_tokens(owner: User) -> None:
    service = register(owner, "service")
    for _ in range(5):
        service.token("client_credentials")
    Application.objects.update(scopes=READ)
    assert end(service.application) == permissions.Holders(people=0, tokens=5)
    assert Application.objects.get().ending_scopes == ""
    assert not AccessToken.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_refreshes_and_withdrawals_meanwhile_all_get_an_answer_and_bring_nothing_of_it_back(
    web: OAuthClient, many: list[dict[str, Any]]
) -> None:
    consents = list(Consent.objects.select_related("user", "application"))
    calls: list[Callable[[], Any]] = [
        lambda: end(web.application),
        lambda: end(web.application),
        *(lambda tokens=tokens: web.refresh(tokens["refresh_token"]).status_code for tokens in many),
        lambda: withdraw_scopes(consents[0], [READ]),
        lambda: remove_consent(consents[1]),
    ]
    answers = at_once(calls)
    assert set(answers[2 : 2 + MANY]) <= {200, 400}
    permissions.narrow_consents(web.application)
    assert holding() == 0
    assert not AccessToken.objects.filter(scope__contains=WRITE).exists()
    assert not RefreshToken.objects.filter(revoked=None, replaced_at=None, scope__contains=WRITE).exists()
    assert Event.objects.filter(action="permissions_ended").count() == 1


def test_tokens_that_have_expired_hold_nothing(web: OAuthClient, many: list[dict[str, Any]]) -> None:
    AccessToken.objects.update(expires=timezone.now())
    assert permissions.count_holders(web.application, [WRITE]) == permissions.Holders(people=MANY, tokens=0)


def test_names_that_the_catalogue_lacks_end_nothing(
    web: OAuthClient, many: list[dict[str, Any]], site_scopes: Catalogue
) -> None:
    site_scopes.without(WRITE)
    assert permissions.endable_permissions(web.application, [WRITE, "unknown"]) == []
    assert not end(web.application)
