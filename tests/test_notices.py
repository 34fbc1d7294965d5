"""What people are told by e-mail about the applications that they let in."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from tests import device as devices
from tests.conformance import proves
from tests.notices import ISSUER, LIST, Act, html, told_of
from tests.oauth import OAuthClient, Person, register
from tests.pages.connected_applications.conftest import remove, remove_all
from tests.responses import ClientResponse

__all__ = ["told_of"]
pytestmark = proves("notices")


def test_a_new_application(person: Person, web: OAuthClient, told_of: Act) -> None:
    (message,) = told_of(lambda: person.consent(web))
    assert message.to == ["luis@example.com"]
    assert message.subject == "“Una web” has access to your Multinexo account"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    for text in (message.body, html(message)):
        assert "Hello luis," in text
        assert "Products: See your products" in text
        assert "When:" in text
        assert "127.0.0.1" in text
        assert "Navigator/1" in text
        assert f"{LIST}{web.client_id}/" in text


def test_a_person_whose_account_has_no_short_name(
    person: Person, web: OAuthClient, told_of: Act, monkeypatch: Any
) -> None:
    """As Django's AbstractBaseUser leaves it, which has a user name and no more."""
    monkeypatch.delattr(AbstractUser, "get_short_name")
    (message,) = told_of(lambda: person.consent(web))
    assert "Hello luis," in message.body


def test_what_stands_already_is_not_told_again(person: Person, web: OAuthClient, told_of: Act) -> None:
    person.consent(web)
    assert told_of(lambda: person.consent(web)) == []
    assert told_of(lambda: person.consent(web, prompt="consent", scope="products:read")) == []


def test_more_permissions(person: Person, web: OAuthClient, told_of: Act) -> None:
    person.consent(web, scope="products:read")
    (message,) = told_of(lambda: person.consent(web))
    assert message.subject == "“Una web” has more permissions on your Multinexo account"
    for text in (message.body, html(message)):
        assert "What else it may do:" in text
        assert "What it may do:" not in text
    assert "Create, change and delete" in message.body
    assert "See your products" not in message.body


def test_a_removed_application(person: Person, web: OAuthClient, told_of: Act) -> None:
    person.tokens(web)
    (message,) = told_of(lambda: remove(person, web))
    assert message.subject == "“Una web” no longer has access to your Multinexo account"
    for text in (message.body, html(message)):
        assert "127.0.0.1" in text
        assert LIST in text
        assert "change your password" in text


def test_all_of_them_are_one_message(person: Person, owner: Any, told_of: Act) -> None:
    for number in range(23):
        person.consent(register(owner, "web", name=f"App {number}", redirect_uris="https://web.example/"))
    (message,) = told_of(lambda: remove_all(person))
    assert message.subject == "23 applications no longer have access to your Multinexo account"
    assert message.body.count("- App ") == html(message).count("<li>App ") == 20
    assert "and 3 more" in message.body


def test_a_device(person: Person, device: OAuthClient, told_of: Act) -> None:
    device.http.defaults["HTTP_USER_AGENT"] = "Caja/2"
    codes = devices.started(device)
    (message,) = told_of(lambda: devices.let_in(person, codes["user_code"]))
    assert message.subject == "A device with “Una device” has access to your Multinexo account"
    for text in (message.body, html(message)):
        assert "Caja/2" in text
        assert "Navigator/1" in text
        assert "Products: See your products" in text
        assert f"{LIST}{device.client_id}/" in text


def test_a_device_of_which_nothing_is_known_is_called_unknown(
    person: Person, device: OAuthClient, told_of: Act
) -> None:
    device.http.defaults["REMOTE_ADDR"] = person.browser.defaults["REMOTE_ADDR"] = ""
    codes = devices.started(device)
    (message,) = told_of(lambda: devices.let_in(person, codes["user_code"]))
    for text in (message.body, html(message)):
        assert "Name that the device gives: unknown" in text
        assert "From the IP address: unknown" in text
        assert "None" not in text


def test_another_device_is_told_too(person: Person, device: OAuthClient, told_of: Act) -> None:
    devices.tokens(person, device)
    codes = devices.started(device)
    assert len(told_of(lambda: devices.let_in(person, codes["user_code"]))) == 1


@pytest.mark.parametrize("left", ["application_connected", "application_removed", "device_authorized"])
def test_each_can_be_turned_off(
    person: Person, web: OAuthClient, device: OAuthClient, told_of: Act, settings: Any, left: str
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "EMAILS": [left]}
    codes = devices.started(device)
    told = {
        "application_connected": [told_of(lambda: person.consent(web))],
        "application_removed": [told_of(lambda: remove(person, web))],
        "device_authorized": [told_of(lambda: devices.let_in(person, codes["user_code"]))],
    }
    if left == "application_connected":  # by a device, where no message of its own says so
        assert len(told.pop("device_authorized")[0]) == 1
    assert {name for name, messages in told.items() if messages[0]} == {left}


def test_it_is_in_the_persons_language(person: Person, web: OAuthClient, told_of: Act) -> None:
    person.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    (message,) = told_of(lambda: person.consent(web))
    assert "Productos" in message.body
    assert '<html lang="es">' in html(message)


def test_it_says_the_sites_name(person: Person, web: OAuthClient, told_of: Act, settings: Any) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "BRAND_NAME": "Almacén & Cía"}
    (message,) = told_of(lambda: person.consent(web))
    assert message.subject.endswith("Almacén & Cía account")
    assert message.body.rstrip().endswith("Almacén & Cía")
    assert "Almacén &amp; Cía" in html(message)


def test_a_site_overrides_a_template(
    person: Person, web: OAuthClient, told_of: Act, settings: Any, tmp_path: Any
) -> None:
    folder = tmp_path / "multinexo_oauth" / "email"
    folder.mkdir(parents=True)
    (folder / "application_connected.subject").write_text("Ours:\n{{ application.name }}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    (message,) = told_of(lambda: person.consent(web))
    assert message.subject == "Ours: Una web"


def test_no_link_does_anything(person: Person, web: OAuthClient, told_of: Act) -> None:
    (message,) = told_of(lambda: person.tokens(web))
    path = next(line for line in message.body.splitlines() if line.startswith(ISSUER)).removeprefix(
        "https://id.example"
    )
    answer: ClientResponse = person.browser.get(path)
    assert answer.status_code == 200
    assert web.application.consents.exists()
