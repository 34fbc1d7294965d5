"""What a page takes is as long as it may be, and one longer is refused."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from multinexo_oauth.models import Application, ClientSecret
from tests.conformance import proves
from tests.device import enter, started
from tests.oauth import AUTHORIZE, OAuthClient, Person, answered, register
from tests.pages.logout.browsing import LOGOUT, template
from tests.pages.my_applications.conftest import ana, errors, registered, text, url
from tests.pages.my_applications.pictures import picture, upload

__all__ = ["ana"]
pytestmark = proves("never-a-byte-early")


def of_length(client: OAuthClient, length: int) -> str:
    """Return the query string of a good request, made as long by its state."""
    request = client.request(state="")
    return urlencode(request | {"state": "x" * (length - len(urlencode(request)))})


# Authorization requests


def test_a_request_has_6000_characters(person: Person, web: OAuthClient) -> None:
    page = person.browser.get(f"{AUTHORIZE}?{of_length(web, 6000)}")
    assert page.status_code == 200
    assert "state" in answered(person.decide(page))
    refused = person.browser.get(f"{AUTHORIZE}?{of_length(web, 6001)}")
    assert answered(refused)["error"] == "invalid_request"


@pytest.mark.parametrize("letter", ["x", " "])
def test_a_state_of_6000_characters_is_sent_back_percent_encoded(
    person: Person, web: OAuthClient, letter: str
) -> None:
    state = letter * (6000 if letter == "x" else 2000)
    assert answered(person.visit(web, state=state, prompt="none"))["state"] == state
    refused = answered(person.visit(web, state=state + letter))
    assert refused["error"] == "invalid_request"
    assert "state" not in refused


def test_a_nonce_has_255_characters(person: Person, web: OAuthClient) -> None:
    assert person.consent(web, nonce="x" * 255)
    assert answered(person.visit(web, nonce="x" * 256))["error"] == "invalid_request"


def test_a_max_age_has_9_digits(person: Person, web: OAuthClient) -> None:
    assert person.visit(web, max_age="9" * 9).status_code == 200
    assert answered(person.visit(web, max_age="9" * 10))["error"] == "invalid_request"


@pytest.mark.parametrize("length", [43, 128])
def test_a_challenge_has_43_to_128_characters(person: Person, web: OAuthClient, length: int) -> None:
    assert person.visit(web, code_challenge="x" * length).status_code == 200
    beyond = "x" * (42 if length == 43 else 129)
    assert answered(person.visit(web, code_challenge=beyond))["error"] == "invalid_request"


def test_a_login_hint_of_254_characters_is_carried_to_the_login(db: None, web: OAuthClient) -> None:
    def carried(hint: str) -> list[str]:
        answer = Client().get(AUTHORIZE, web.request(login_hint=hint))
        return parse_qs(urlsplit(answer["Location"]).query).get("login_hint", [])

    assert carried("x" * 254) == ["x" * 254]
    assert carried("x" * 255) == []


def test_the_tenth_language_is_looked_at_and_the_eleventh_is_not(person: Person, web: OAuthClient) -> None:
    unknown = ["xx"] * 9
    assert person.visit(web, ui_locales=" ".join([*unknown, "en"]))["Content-Language"] == "en"
    assert person.visit(web, ui_locales=" ".join([*unknown, "xx", "en"]))["Content-Language"] == "es"


# Other pages


def test_a_state_of_2000_characters_comes_back_from_the_logout(person: Person, web: OAuthClient) -> None:
    asked = {"client_id": web.client_id}
    assert template(person.browser.get(LOGOUT, asked | {"state": "x" * 2000})) == "confirm"
    assert template(person.browser.get(LOGOUT, asked | {"state": "x" * 2001})) == "refused"


def test_a_user_code_is_read_of_64_characters(person: Person, device: OAuthClient) -> None:
    code = started(device)["user_code"]
    assert enter(person.browser, "-" * (64 - len(code)) + code).status_code == 200
    assert enter(person.browser, "-" * (65 - len(code)) + code).status_code == 400


def test_80_letters_are_searched_for(ana: Any, owner: Any) -> None:
    register(owner, "service", name="x" * 80)
    for page in ("my-applications", "connected-applications"):
        answer = ana.open(page, q=f"  {'x' * 81}")
        assert answer.context["query"] == "x" * 80
    assert "x" * 80 in text(ana.open("my-applications", q="x" * 81))


# The owner's forms


@pytest.mark.parametrize(
    ("page", "name", "longest"),
    [
        ("application", "name", "x" * 80),
        ("application", "description", "x" * 300),
        ("application", "homepage_url", "https://web.example/" + "x" * 480),
        ("application-brand", "privacy_url", "https://web.example/" + "x" * 480),
        ("application-brand", "terms_url", "https://web.example/" + "x" * 480),
    ],
)
def test_a_field_is_as_long_as_its_column(
    ana: Any, web: OAuthClient, page: str, name: str, longest: str
) -> None:
    form = {"name": "Tienda", "redirect_uris": "https://web.example/callback"}
    assert ana.send(page, web, **(form | {name: longest})).status_code == 302
    assert getattr(registered(web), name) == longest
    assert set(errors(ana.send(page, web, **(form | {name: longest + "x"})))) == {name}


def test_a_label_of_a_secret_has_80_letters(ana: Any, web: OAuthClient) -> None:
    path = url("secret-issue", web)
    assert ana.browser.post(path, {"label": "x" * 81}).status_code == 200
    assert not ClientSecret.objects.filter(label__startswith="x").exists()
    ana.browser.post(path, {"label": "x" * 80})
    assert ClientSecret.objects.filter(label="x" * 80).exists()


def test_a_list_of_addresses_has_50_lines(ana: Any, web: OAuthClient) -> None:
    lines = [f"https://web.example/{number}" for number in range(51)]
    form = {"name": "Tienda", "redirect_uris": "\n".join(lines[:50])}
    assert ana.send("application", web, **form).status_code == 302
    assert registered(web).redirect_uris.split() == lines[:50]
    found = errors(ana.send("application", web, **(form | {"redirect_uris": "\n".join(lines)})))
    assert "50" in found["redirect_uris"][0]


def test_a_logo_has_a_megabyte(ana: Any, web: OAuthClient) -> None:
    image = picture()
    padding = b"\x00" * (1024 * 1024 - len(image))
    assert ana.send("application-brand", web, logo=upload(image + padding)).status_code == 302
    assert Application.objects.exclude(logo="").exists()
    assert "logo" in errors(ana.send("application-brand", web, logo=upload(image + padding + b"\x00")))


def test_a_logo_has_16_megapixels(ana: Any, web: OAuthClient) -> None:
    assert ana.send("application-brand", web, logo=upload(picture((4096, 4096), mode="1"))).status_code == 302
    assert "logo" in errors(ana.send("application-brand", web, logo=upload(picture((4097, 4096), mode="1"))))
