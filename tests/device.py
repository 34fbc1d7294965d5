"""Devices without a browser, and people who let them in through the pages."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import DeviceGrant
from tests.oauth import OAuthClient, Person
from tests.responses import ClientResponse

START = "/auth/v1/device-authorization/"
PAGE = "/auth/v1/device/"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


def start(client: OAuthClient, **form: Any) -> ClientResponse:
    return client.post(START, {"scope": "products:read products:write"} | form)


def started(client: OAuthClient, **form: Any) -> dict[str, Any]:
    answer = start(client, **form)
    assert answer.status_code == 200, answer.content
    return answer.json()


def poll(client: OAuthClient, device_code: str) -> ClientResponse:
    return client.token(GRANT_TYPE, device_code=device_code)


def later(**time: float) -> None:
    """Let time pass for every device that waits."""
    passed = timedelta(**time)
    for grant in DeviceGrant.objects.all():
        checked = grant.last_checked and grant.last_checked - passed
        DeviceGrant.objects.filter(pk=grant.pk).update(expires=grant.expires - passed, last_checked=checked)


def after_expiry() -> None:
    DeviceGrant.objects.update(expires=timezone.now())


def enter(browser: Client, user_code: str) -> ClientResponse:
    """Open the page and send a code, as its form does."""
    return browser.post(PAGE, hidden(browser.get(PAGE)) | {"user_code": user_code})


def press(browser: Client, page: ClientResponse, decision: str, **fields: Any) -> ClientResponse:
    """Press a button of a page, with the permissions as they stand ticked unless `scopes` says others."""
    ticked = re.findall(r'name="scopes" value="([^"]+)"', page.content.decode())
    return browser.post(PAGE, hidden(page) | {"scopes": ticked, "decision": decision} | fields)


def hidden(page: ClientResponse) -> dict[str, str]:
    assert page.status_code == 200, page.content.decode()
    forms = page.content.decode().partition("</header>")[2]
    found = re.findall(r'<input type="hidden" name="(request|csrfmiddlewaretoken)" value="([^"]+)"', forms)
    return dict(found)


def permissions_page(person: Person, user_code: str) -> ClientResponse:
    """Go through the page as far as its permissions."""
    return press(person.browser, enter(person.browser, user_code), "confirm")


def let_in(person: Person, user_code: str, **fields: Any) -> ClientResponse:
    """Go through the whole page and press Authorize."""
    return press(person.browser, permissions_page(person, user_code), "allow", **fields)


def tokens(person: Person, client: OAuthClient) -> dict[str, Any]:
    """Let a device in and have it poll once."""
    codes = started(client)
    assert let_in(person, codes["user_code"]).status_code == 200
    answer = poll(client, codes["device_code"])
    assert answer.status_code == 200, answer.content
    return answer.json()
