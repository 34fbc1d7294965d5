"""A token for local work, from the command line."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from multinexo_oauth.models import AccessToken
from tests.oauth import OAuthClient, Person, Products


@pytest.fixture(autouse=True)
def debug(settings: Any) -> None:
    settings.DEBUG = True


def created(*arguments: str) -> str:
    told = StringIO()
    call_command("create_token", *arguments, stdout=told)
    return told.getvalue().strip()


def test_the_token_opens_the_api_for_a_person(person: Person, products: Products) -> None:
    token = created("products:write", "--user", "luis")
    assert products.create(token).status_code == 201
    assert AccessToken.objects.get().user == person.user


def test_it_is_of_an_application_that_is_named(web: OAuthClient) -> None:
    created("products:read", "--application", web.client_id, "--seconds", "60")
    token = AccessToken.objects.get()
    assert token.application == web.application
    assert (token.expires - token.created).total_seconds() <= 60


def test_a_scope_a_person_or_an_application_that_is_not_there(db: None) -> None:
    for arguments in (["nothing:read"], ["--user", "nobody"], ["--application", "none"]):
        with pytest.raises(CommandError, match="There is no"):
            created(*arguments)
    assert not AccessToken.objects.exists()


def test_a_site_in_use_makes_none_unasked(db: None, settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        created("products:read")
    assert created("products:read", "--force")
