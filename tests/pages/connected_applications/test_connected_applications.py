"""What a person reads of the applications they have let in, and how each loses its access."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from example_project.products.oauth_scopes import SCOPES
from multinexo_oauth.models import AccessToken, Application, Consent, Event, RefreshToken
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products, register

from .conftest import LIST, REMOVE_ALL, names, press, remove, remove_all, text, url


def label(scope: str) -> str:
    return str(SCOPES[scope]["label"])


# Reading


def test_nobody_connected_is_said_in_words(person: Person) -> None:
    page = person.browser.get(LIST)
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()
    assert "data-action" not in page.content.decode()


def test_an_application_has_one_row_however_many_tokens(
    person: Person, web: OAuthClient, caja: OAuthClient
) -> None:
    for _time in range(3):
        person.tokens(web)
    person.tokens(caja)
    page = person.browser.get(LIST)
    assert names(page) == ["Caja", web.application.name]
    assert page.content.decode().count('data-action="revoke"') == 2


def test_a_row_says_what_since_when_and_last_used(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    page = person.browser.get(LIST)
    assert label("products:read") in text(page)
    assert label("products:write") in text(page)
    assert text(page).count(str(SCOPES["products:read"]["product"]) + ":") == 1
    (consent,) = page.context["page"]
    assert consent.created_at == Consent.objects.get().created_at


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=40), "last used a moment ago"),
        (timedelta(minutes=5), "last used 5 minutes ago"),
        (timedelta(days=3, hours=2), "last used 3 days ago"),
    ],
)
def test_a_last_use_is_said_as_people_say_it(
    person: Person, web: OAuthClient, ago: timedelta, said: str
) -> None:
    person.tokens(web)
    Consent.objects.update(last_used_at=timezone.now() - ago)
    page = person.browser.get(LIST, headers={"Accept-Language": "en"})
    assert said in text(page).replace("\xa0", " ")


def test_an_application_that_never_got_a_token_is_listed(person: Person, web: OAuthClient) -> None:
    person.consent(web)
    page = person.browser.get(LIST)
    assert page.context["page"][0].last_used_at is None
    assert person.browser.get(url("connected-application", web)).status_code == 200


def test_permissions_that_the_site_no_longer_has_are_left_out(person: Person, web: OAuthClient) -> None:
    Consent.record(person.user, web.application, ["gone:read"])
    for page in (person.browser.get(LIST), person.browser.get(url("connected-application", web))):
        assert page.status_code == 200
        assert "gone:read" not in text(page)


def test_the_header_says_whose_account_it_is(person: Person) -> None:
    header = person.browser.get(LIST).content.decode().split("</header>")[0]
    assert f"<span>{person.user.email}</span>" in header


def test_a_row_shows_the_logo_or_the_initials(person: Person, caja: OAuthClient) -> None:
    person.consent(caja)
    assert ">C<" in person.browser.get(LIST).content.decode()
    caja.application.logo.save("logo.png", ContentFile(b"png"))
    assert caja.application.logo.url in person.browser.get(LIST).content.decode()


def test_a_suspended_application_is_marked_and_can_be_removed(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    assert "badge--suspended" not in person.browser.get(LIST).content.decode()
    web.application.suspend()
    assert "badge--suspended" in person.browser.get(LIST).content.decode()
    words = text(person.browser.get(LIST, headers={"Accept-Language": "en"}))
    assert "it cannot use your account for now" in words
    assert "notice--danger" in person.browser.get(url("connected-application", web)).content.decode()
    remove(person, web)
    assert not Consent.objects.exists()
    assert not AccessToken.objects.exists()


def test_details_describe_permissions_and_who_made_it(person: Person, caja: OAuthClient) -> None:
    person.tokens(caja, scope="products:write")
    words = text(person.browser.get(url("connected-application", caja)))
    assert label("products:write") in words
    assert str(SCOPES["products:write"]["description"]) in words
    assert label("products:read") not in words
    assert "Ana García" in words
    assert "ayuda@caja.example" in words


def test_details_of_an_application_whose_owner_left(person: Person, web: OAuthClient, owner: User) -> None:
    person.tokens(web)
    owner.delete()
    assert person.browser.get(url("connected-application", web)).status_code == 200


def test_the_consent_page_leads_here(person: Person, web: OAuthClient) -> None:
    assert f'<a href="{LIST}" target="_blank" rel="noopener">' in person.visit(web).content.decode()


# Finding


def test_a_name_is_found_by_a_part_of_it(person: Person, owner: User) -> None:
    for name in ("Caja Norte", "Caja Sur", "Panel"):
        person.consent(register(owner, "web", name=name, redirect_uris="https://web.example/callback"))
    assert names(person.browser.get(LIST, {"q": " caja "})) == ["Caja Sur", "Caja Norte"]
    nothing = person.browser.get(LIST, {"q": "<b>Zapato"})
    assert names(nothing) == []
    assert "&lt;b&gt;Zapato" in nothing.content.decode()
    # All of them, or all that were found? On the whole list there is no doubt.
    assert f'href="{REMOVE_ALL}"' not in nothing.content.decode()
    assert f'href="{REMOVE_ALL}"' in person.browser.get(LIST).content.decode()


def test_a_single_application_needs_neither_a_search_nor_removing_all(
    person: Person, web: OAuthClient, caja: OAuthClient
) -> None:
    person.consent(web)
    alone = person.browser.get(LIST).content.decode()
    person.consent(caja)
    beside_another = person.browser.get(LIST).content.decode()
    found_alone = person.browser.get(LIST, {"q": "caja"}).content.decode()
    assert ['role="search"' in page for page in (alone, beside_another, found_alone)] == [False, True, True]
    assert [REMOVE_ALL in page for page in (alone, beside_another, found_alone)] == [False, True, False]


def test_a_long_list_is_cut_into_pages_that_keep_the_search(person: Person, owner: User) -> None:
    for number in range(28):
        client = register(owner, "device", name=f"{'Caja & Co' if number > 1 else 'Otra'} {number}")
        Consent.record(person.user, client.application, ["products:read"])
    first, second = (person.browser.get(LIST, {"q": "caja & co", "page": page}) for page in (1, 2))
    assert 'href="?q=caja%20%26%20co&amp;page=2"' in first.content.decode()
    assert len(names(first)) == 25
    assert len({*names(first), *names(second)}) == 26


@proves("connected-fast")
def test_the_list_costs_the_same_however_long_it_is(
    person: Person, owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for total in (2, 20):
        for number in range(total):
            person.tokens(register(owner, "spa", name=f"{number}", redirect_uris="https://spa.example/cb"))
        # Session, person, how many, consents with their applications.
        with django_assert_num_queries(4):
            person.browser.get(LIST)


@proves("connected-fast")
def test_details_and_confirmation_cost_the_same_however_many_tokens(
    person: Person, web: OAuthClient, caja: OAuthClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person.tokens(caja)
    for _time in range(2):
        for _token in range(4):
            person.tokens(web)
        # Session, person, consent; how many events, events; then the tokens of both kinds.
        with django_assert_num_queries(5):
            person.browser.get(url("connected-application", web))
        with django_assert_num_queries(5):
            person.browser.get(url("connection-remove", web))
        # Session, person, those that are named, how many, the tokens of both kinds.
        with django_assert_num_queries(6):
            person.browser.get(REMOVE_ALL)


# Removing


@proves("connected-said")
def test_the_confirmation_tells_the_effects_in_numbers(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    person.tokens(web)
    page = person.browser.get(url("connection-remove", web))
    permissions, tokens, *_others = page.context["effects"]
    assert "2" in permissions
    assert "4" in tokens


def test_without_live_tokens_none_are_counted(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    past = timezone.now() - timedelta(minutes=1)
    AccessToken.objects.update(expires=past)
    RefreshToken.objects.update(expires=past)
    assert len(person.browser.get(url("connection-remove", web)).context["effects"]) == 3


def test_removing_ends_tokens_at_the_next_request(
    person: Person, web: OAuthClient, products: Products
) -> None:
    first, second = person.tokens(web), person.tokens(web)
    assert products.list(first["access_token"]).status_code == 200
    answer = remove(person, web)
    assert answer["Location"] == LIST
    assert web.application.name in text(person.browser.get(LIST))  # the message alone
    assert names(person.browser.get(LIST)) == []
    for tokens in (first, second):
        assert products.list(tokens["access_token"]).status_code == 401
        assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_removing_ends_a_code_that_was_not_exchanged_yet(person: Person, web: OAuthClient) -> None:
    code = person.consent(web)
    remove(person, web)
    assert web.exchange(code).json()["error"] == "invalid_grant"


def test_removing_ends_consent_so_the_next_request_asks_again(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    assert person.visit(web).status_code == 302
    remove(person, web)
    assert person.visit(web).status_code == 200


def test_removing_touches_neither_other_applications_nor_other_people(
    person: Person, stranger: Person, web: OAuthClient, caja: OAuthClient, products: Products
) -> None:
    person.tokens(web)
    other = person.tokens(caja)
    theirs = stranger.tokens(web)
    remove(person, web)
    assert products.list(other["access_token"]).status_code == 200
    assert products.list(theirs["access_token"]).status_code == 200
    assert names(person.browser.get(LIST)) == ["Caja"]
    assert names(stranger.browser.get(LIST)) == [web.application.name]


@proves("connected-said")
def test_afterwards_a_message_says_what_ended(
    person: Person, web: OAuthClient, caja: OAuthClient, spa: OAuthClient
) -> None:
    for client in (web, caja, spa):
        person.tokens(client)
    remove(person, web)
    assert "2 tokens" in text(person.browser.get(LIST))
    press(person, person.browser.get(REMOVE_ALL))
    words = text(person.browser.get(LIST))
    assert "2 aplicaciones" in words
    assert "4 tokens" in words


def test_removing_is_told_to_the_owner(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    remove(person, web)
    event = Event.objects.get(action=Event.Action.CONSENT_REMOVED)
    assert (event.application, event.actor, event.address) == (web.application, person.user, "127.0.0.1")


def test_removing_all_asks_once_and_ends_everything(
    person: Person, stranger: Person, web: OAuthClient, caja: OAuthClient, products: Products
) -> None:
    mine = [person.tokens(web), person.tokens(caja)]
    theirs = stranger.tokens(web)
    applications, tokens, *_others = person.browser.get(REMOVE_ALL).context["effects"]
    assert "2" in applications
    assert "4" in tokens
    assert remove_all(person)["Location"] == LIST
    assert names(person.browser.get(LIST)) == []
    assert [products.list(tokens["access_token"]).status_code for tokens in mine] == [401, 401]
    assert products.list(theirs["access_token"]).status_code == 200


def test_removing_all_names_the_first_and_counts_the_others(person: Person, owner: User) -> None:
    person.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for number in range(1, 8):
        Consent.record(person.user, register(owner, "device", name=f"<{number}>").application, [])
    page = person.browser.get(REMOVE_ALL)
    named = "“<7>”, “<6>”, “<5>”, “<4>”, “<3>” and 2 more."
    assert f"7 applications lose access: {named}" in text(page)
    press(person, page)
    removed = text(person.browser.get(LIST))
    assert f"7 applications no longer have access to your account: {named}" in removed
    assert "They keep the data that they have already copied" in removed


def test_removing_all_reaches_beyond_the_first_page_and_the_search(person: Person, owner: User) -> None:
    for number in range(27):
        Consent.record(person.user, register(owner, "device", name=f"{number}").application, [])
    page = person.browser.get(REMOVE_ALL)
    press(person, page)
    assert not Consent.objects.owned_by(person.user).exists()


@proves("connected-fast")
def test_removing_all_takes_many_at_a_time(
    person: Person, owner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clients = [register(owner, "device", name=f"{number}") for number in range(20)]
    for client in clients:
        Consent.record(person.user, client.application, ["products:read"])
    page = person.browser.get(REMOVE_ALL)
    # One event each, and what does not depend on their number.
    with django_assert_max_num_queries(20 + 24):
        press(person, page)
    assert not Consent.objects.exists()


def test_removing_all_of_nothing_leads_back(person: Person) -> None:
    assert person.browser.get(REMOVE_ALL)["Location"] == LIST


def test_removing_all_of_one_is_asked_by_its_name(person: Person, web: OAuthClient) -> None:
    person.consent(web)
    assert person.browser.get(REMOVE_ALL)["Location"] == url("connection-remove", web)


def test_the_details_say_who_vouches_for_nothing(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    path, unverified = url("connected-application", web), "has not verified this application."
    assert unverified in text(person.browser.get(path, headers={"Accept-Language": "en"}))
    Application.objects.update(verified=True)
    assert unverified not in text(person.browser.get(path, headers={"Accept-Language": "en"}))


def test_what_an_application_loses_is_said_by_name(person: Person, web: OAuthClient) -> None:
    person.tokens(web, scope="products:read")
    effects = person.browser.get(url("connection-remove", web)).context["effects"]
    assert any(label("products:read") in effect for effect in effects)
