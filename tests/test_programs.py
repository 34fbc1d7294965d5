"""What a person reads of the program that did something in their name."""

import pytest
from django.template import Context, Template

from multinexo_oauth.models import Event
from tests.conformance import proves
from tests.oauth import OAuthClient, Person
from tests.pages.connected_applications.conftest import text, url

MOZILLA = "Mozilla/5.0 "
GECKO = " (KHTML, like Gecko) "


@proves("connected-history")
@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (f"{MOZILLA}(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox\xa0·\xa0Linux"),
        (
            f"{MOZILLA}(Windows NT 10.0; Win64; x64) AppleWebKit/537.36{GECKO}Chrome/140.0 Safari/537.36",
            "Chrome\xa0·\xa0Windows",
        ),
        (
            f"{MOZILLA}(Windows NT 10.0) AppleWebKit/537.36{GECKO}Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge\xa0·\xa0Windows",
        ),
        (
            f"{MOZILLA}(iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605{GECKO}Version/18.5 Safari/604.1",
            "Safari\xa0·\xa0iPhone",
        ),
        (
            f"{MOZILLA}(Linux; Android 15) AppleWebKit/537.36{GECKO}Chrome/140.0 Mobile Safari/537.36",
            "Chrome\xa0·\xa0Android",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("<script>", "&lt;script&gt;"),
        ("", ""),
    ],
)
def test_a_browser_is_named_and_anything_else_shown_as_it_is(agent: str, shown: str) -> None:
    page = Template("{% load multinexo_oauth_agent %}{{ agent|program }}")
    assert page.render(Context({"agent": agent})) == shown


@proves("connected-history")
def test_a_browser_that_says_nothing_of_itself(person: Person, web: OAuthClient) -> None:
    person.browser.defaults["HTTP_USER_AGENT"] = "\x00\ud800"
    person.consent(web)
    assert "agent" not in Event.objects.get(action=Event.Action.CONSENT_GIVEN).detail
    assert "127.0.0.1" in text(person.browser.get(url("connected-application", web)))
