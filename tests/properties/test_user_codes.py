"""A user code is found however it is typed, and nothing else is."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.conformance import proves
from tests.device import PAGE, started
from tests.oauth import OAuthClient, Person
from tests.properties.examples import example

pytestmark = proves("device-code")
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
separators = st.text(" -\t_–—\xa0", max_size=2)
cases = st.lists(st.booleans(), min_size=8, max_size=8)


@pytest.fixture
def code(device: OAuthClient) -> str:
    return started(device)["user_code"].replace("-", "")


def finds(person: Person, typed: str) -> bool:
    with example():
        page: Any = person.browser.get(PAGE, {"user_code": typed})
    assert page.status_code in {200, 400}
    return page.status_code == 200 and 'data-action="confirm"' in page.content.decode()


@given(lower=cases, between=st.lists(separators, min_size=9, max_size=9))
def test_case_spaces_and_dashes_do_not_matter(
    person: Person, code: str, lower: list[bool], between: list[str]
) -> None:
    letters = [letter.lower() if small else letter for letter, small in zip(code, lower, strict=True)]
    typed = between[0] + "".join(map("".join, zip(letters, between[1:], strict=True)))
    assert finds(person, typed)


@given(position=st.integers(0, 7), letter=st.sampled_from(LETTERS + "AEIOU0189"))
def test_one_wrong_letter_finds_nothing(person: Person, code: str, position: int, letter: str) -> None:
    typed = code[:position] + letter + code[position + 1 :]
    assert finds(person, typed) == (typed == code)


@given(position=st.integers(0, 8), more=st.text(LETTERS.lower() + ".,/:;0 ", max_size=3))
def test_a_letter_more_finds_nothing(person: Person, code: str, position: int, more: str) -> None:
    typed = code[:position] + more + code[position:]
    assert finds(person, typed) == (not more.strip())


@given(typed=st.text(max_size=70))
def test_any_other_text_finds_nothing(person: Person, code: str, typed: str) -> None:
    assert not finds(person, typed)
