"""Forms that were open when the session ended."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.oauth import OAuthClient

pytestmark = proves("form-unsaved")
SAID = "no se guardó nada"


def pages(web: OAuthClient) -> list[str]:
    own = ["application", "application-permissions", "application-brand", "application-pkce", "secret-issue"]
    connection = ["connection-withdraw", "connection-remove"]
    named = [reverse(f"multinexo_oauth:{name}", args=[web.client_id]) for name in [*own, *connection]]
    return [
        *named,
        reverse("multinexo_oauth:application-create", args=["web"]),
        reverse("multinexo_oauth:device"),
    ]


def test_signing_in_again_leads_to_the_page_which_says_that_nothing_was_saved(
    owner: User, web: OAuthClient
) -> None:
    for page in pages(web):
        browser = Client()
        answer = browser.post(page, {"name": "Otra"})
        assert answer.status_code == 302, page
        back = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
        assert back == f"{page}?unsaved=1"
        assert "Otra" not in answer["Location"]
        assert not browser.cookies
        browser.force_login(owner)
        if "conectadas" not in page:  # nothing of the owner's is connected
            assert SAID in browser.get(back, follow=True).content.decode(), page
    assert Application.objects.get().name == "Una web"


def test_a_page_that_was_only_opened_says_nothing_afterwards(owner: User, web: OAuthClient) -> None:
    page = pages(web)[0]
    assert "unsaved" not in Client().get(page)["Location"]
    browser = Client()
    browser.force_login(owner)
    assert SAID not in browser.get(page).content.decode()


def test_a_login_page_on_another_host_gets_the_whole_address(
    web: OAuthClient, settings: pytest.FixtureRequest
) -> None:
    settings.LOGIN_URL = "https://login.example/"  # type: ignore[attr-defined]
    page = pages(web)[0]
    back = parse_qs(urlsplit(Client().post(page)["Location"]).query)["next"][0]
    assert back == f"http://testserver{page}?unsaved=1"
