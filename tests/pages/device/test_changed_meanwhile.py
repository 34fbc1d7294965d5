"""What changes between the moment a device's permissions are shown and the moment a person says yes."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Application, Consent, DeviceGrant
from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person
from tests.pages.consent.meanwhile import before_the_locks

READ_AND_WRITE = "products:read products:write"


def start(device: OAuthClient, **form: str) -> str:
    return devices.started(device, **form)["user_code"]


@pytest.fixture
def connected(person: Person, device: OAuthClient) -> Consent:
    """A consent that an earlier request of the device brought."""
    devices.let_in(person, start(device, scope="products:read"))
    return Consent.objects.get()


@proves("consent-shown-stands")
@pytest.mark.parametrize("at_once", [False, True])
def test_a_consent_that_goes_meanwhile_is_not_made_anew(
    person: Person, device: OAuthClient, connected: Consent, at_once: bool
) -> None:
    page = devices.permissions_page(person, start(device, scope=READ_AND_WRITE))
    if at_once:
        with before_the_locks(lambda: remove_consent(connected)):
            answer = devices.press(person.browser, page, "allow")
    else:
        remove_consent(connected)
        answer = devices.press(person.browser, page, "allow")
    assert answer.status_code == 409
    assert 'name="scopes" value="products:read"' in answer.content.decode()
    assert not Consent.objects.exists()
    assert not DeviceGrant.objects.filter(status=DeviceGrant.AUTHORIZED, redeemed_at=None).exists()


@proves("device-allow-list")
@pytest.mark.parametrize("shown", [False, True])
def test_a_permission_that_the_owner_took_from_the_application_is_neither_asked_nor_granted(
    person: Person, device: OAuthClient, shown: bool
) -> None:
    user_code = start(device, scope=READ_AND_WRITE)
    page = devices.permissions_page(person, user_code) if shown else None
    Application.objects.update(scopes="products:read")
    if page is not None:
        page = devices.press(person.browser, page, "allow")
        assert page.status_code == 409
        page.status_code = 200
    page = page or devices.permissions_page(person, user_code)
    assert "products:write" not in page.content.decode()
    assert devices.press(person.browser, page, "allow").status_code == 200
    assert "products:write" not in Consent.objects.get().scope
    assert "products:write" not in DeviceGrant.objects.get().scope


@proves("device-allow-list")
def test_a_request_of_which_nothing_is_left_is_no_longer_valid(person: Person, device: OAuthClient) -> None:
    page = devices.permissions_page(person, start(device, scope="products:write"))
    Application.objects.update(scopes="products:read")
    assert devices.press(person.browser, page, "allow").status_code == 400
    assert not Consent.objects.exists()


@proves("code-password")
def test_a_session_of_an_old_password_lets_no_device_in(person: Person, device: OAuthClient) -> None:
    page = devices.permissions_page(person, start(device))

    def change_password() -> None:
        user: Any = User.objects.get(pk=person.user.pk)
        user.set_password("another-secret-of-luis")
        user.save()

    with before_the_locks(change_password):
        assert devices.press(person.browser, page, "allow").status_code == 400
    assert not Consent.objects.exists()


@proves("never-a-server-error")
def test_an_application_that_is_deleted_meanwhile_is_gone(person: Person, device: OAuthClient) -> None:
    page = devices.permissions_page(person, start(device))

    def delete() -> None:
        Application.objects.get().delete()

    with before_the_locks(delete):
        assert devices.press(person.browser, page, "allow").status_code == 400
