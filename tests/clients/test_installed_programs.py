"""The lines of docs/programs.md sign a person in to the program that they are for."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.clients.conftest import Site
from tests.clients.person import Person
from tests.clients.programs import PAGE, Program
from tests.conformance import proves
from tests.oauth import register
from tests.requirements import node_has, require

STARTS = {
    "django-allauth": ("/accounts/oidc/multinexo/login/", "/accounts/logout/"),
    "mozilla-django-oidc": ("/oidc/authenticate/", "/oidc/logout/"),
    "social-auth": ("/login/oidc/", "/logout/"),
    "Authlib": ("/login", "/logout"),
    "Flask-Dance": ("/login/multinexo", "/logout"),
    "JupyterHub": ("/hub/oauth_login?next=/hub/token", "/hub/logout"),
    "express-openid-connect": ("/login", "/logout"),
}
MODULES = {
    "django-allauth": "allauth",
    "mozilla-django-oidc": "mozilla_django_oidc",
    "social-auth": "social_django",
    "Authlib": "flask",
    "Flask-Dance": "flask_dance",
    "JupyterHub": "oauthenticator",
}
SIGNS_OUT_OF_THE_SITE_TOO = ["mozilla-django-oidc", "Authlib", "express-openid-connect"]
Start = Callable[[str], Program]


@pytest.fixture
def start(site: Site, developer: User, tmp_path: Path) -> Iterator[Start]:
    """Register a program as the page says, and start it with the page's lines."""
    with ExitStack() as stack:

        def start(name: str) -> Program:
            module = MODULES.get(name)
            require(find_spec(module) if module else node_has(name), f"{name} is not installed")
            program = Program(name, tmp_path)
            registration = register(
                developer,
                "web",
                redirect_uris=program.says("Redirect URI"),
                post_logout_redirect_uris=program.says("After logout"),
                scopes=program.says("Scopes"),
            )
            program.configure(registration, site.issuer)
            return stack.enter_context(program)

        yield start


def sign_in(program: Program, name: str, luis: Person) -> None:
    answer = luis.authorize(program.leads(luis, STARTS[name][0]))
    assert answer.startswith(program.says("Redirect URI") + "?")
    assert luis.browser.get(answer).status_code == 200


@proves("programs-sign-in")
@pytest.mark.parametrize("name", STARTS)
def test_a_program_with_the_pages_lines_knows_who_signed_in_until_they_sign_out(
    start: Start, luis: Person, name: str
) -> None:
    program = start(name)
    assert not program.knows(luis)
    sign_in(program, name, luis)
    assert program.knows(luis)
    leaving = program.leads(luis, STARTS[name][1])
    if name in SIGNS_OUT_OF_THE_SITE_TOO:
        assert luis.sign_out(leaving) == program.says("After logout")
    assert not program.knows(luis)
    asked_again = luis.is_asked_to_sign_in(program.leads(luis, STARTS[name][0]))
    assert asked_again == (name in SIGNS_OUT_OF_THE_SITE_TOO)


def test_the_page_says_of_these_alone_that_each_test_run_tries_them() -> None:
    assert set(re.findall(r"^\| \[(.+?)\]\(.+?\) \| each test run \|", PAGE, re.MULTILINE)) == set(STARTS)
