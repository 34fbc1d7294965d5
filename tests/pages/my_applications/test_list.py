import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from multinexo_oauth.models import Consent
from tests.oauth import OAuthClient, Person, register

from .conftest import Developer, text, url


def test_a_person_without_applications_reads_the_four_steps(eva: Developer) -> None:
    page = eva.open("my-applications")
    assert page.status_code == 200
    assert page.content.decode().count("<li><strong>") == 4
    assert url("application-new") in page.content.decode()


def test_whoever_may_not_register_reads_no_steps(eva: Developer, registration: Callable[[str], None]) -> None:
    registration("staff")
    page = eva.open("my-applications").content.decode()
    assert "<li><strong>" not in page
    assert "notice" in page


def test_the_list_tells_kind_state_people_and_last_use(
    ana: Developer, web: OAuthClient, person: Person, tokens: dict[str, str]
) -> None:
    row = text(ana.open("my-applications"))
    assert web.application.name in row
    assert web.application.get_kind_display() in row
    application = ana.open("my-applications").context["page"][0]
    assert application.people == 1
    assert "último uso hace un momento" in row
    assert application.state == "active"


def test_a_suspended_application_is_marked(ana: Developer, web: OAuthClient) -> None:
    assert "badge--suspended" not in ana.open("my-applications").content.decode()
    web.application.suspend()
    assert "badge--suspended" in ana.open("my-applications").content.decode()


def test_only_ones_own_applications_are_listed(ana: Developer, eva: Developer, web: OAuthClient) -> None:
    theirs = register(eva.user, "service", name="De Eva")
    assert web.application.name in text(ana.open("my-applications"))
    assert theirs.application.name not in text(ana.open("my-applications"))
    assert web.application.name not in text(eva.open("my-applications"))


def test_whoever_is_not_signed_in_is_sent_to_sign_in(nobody: Developer) -> None:
    answer = nobody.open("my-applications")
    assert answer.status_code == 302
    assert answer["Location"] == f"/cuentas/entrar/?next={url('my-applications')}"


def test_the_list_costs_the_same_however_long_it_is(
    ana: Developer, owner: User, person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        register(owner, "web", name=f"Uno {number}", redirect_uris="https://web.example/callback")
    # Session, person, how many, applications.
    with django_assert_num_queries(4):
        ana.open("my-applications")
    for number in range(12):
        client = register(owner, "web", name=f"Otro {number}", redirect_uris="https://web.example/callback")
        Consent.record(person.user, client.application, ["products:read"])
    with django_assert_num_queries(4):
        ana.open("my-applications")


def test_a_long_list_is_cut_into_pages(ana: Developer, owner: User) -> None:
    for number in range(21):
        register(owner, "device", name=f"Equipo {number}")
    first, second = ana.open("my-applications"), ana.open("my-applications", page=2)
    assert "?page=2" in first.content.decode()
    names = [application.name for answer in (first, second) for application in answer.context["page"]]
    assert len(names) == len(set(names)) == 21


def test_a_name_is_found_by_a_part_of_it_once_there_are_pages(ana: Developer, owner: User) -> None:
    for number in range(20):
        register(owner, "device", name=f"Equipo {number}")
    assert 'role="search"' not in ana.open("my-applications").content.decode()
    register(owner, "device", name="Balanza")
    assert 'role="search"' in ana.open("my-applications").content.decode()
    found = ana.open("my-applications", q=" balan ")
    assert [application.name for application in found.context["page"]] == ["Balanza"]
    nothing = ana.open("my-applications", q="<b>Zapato").content.decode()
    assert "&lt;b&gt;Zapato" in nothing
    assert 'role="search"' in nothing


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%ff%fe", "q=%25", "q=_", "q=%5C", "q=%3Cscript%3E", f"q={'a' * 9000}", "q=a&q=b&page=x"],
)
def test_a_search_for_nonsense_is_answered(ana: Developer, web: OAuthClient, query: str) -> None:
    answer = ana.browser.get(f"{url('my-applications')}?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_a_search_finds_nobody_elses(eva: Developer, web: OAuthClient) -> None:
    assert list(eva.open("my-applications", q=web.application.name).context["page"]) == []


def test_a_page_number_that_makes_no_sense_shows_some_page(ana: Developer, web: OAuthClient) -> None:
    for nonsense in ("0", "-1", "x", "\x00", "9" * 5000, "1.5", ""):
        assert web.application.name in text(ana.open("my-applications", page=nonsense))


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("my-applications", "my-applications"),
        ("application-new", "my-applications"),
        ("connected-applications", "connected-applications"),
    ],
)
def test_the_menu_tells_in_which_part_of_it_the_page_is(ana: Developer, page: str, section: str) -> None:
    marked = re.findall(r'href="([^"]*)" aria-current="true"', ana.open(page).content.decode())
    assert marked == [url(section)]
