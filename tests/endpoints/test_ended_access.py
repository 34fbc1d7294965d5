"""Whatever ends a person's access ends it on every path, at the next request."""

from collections.abc import Callable
from typing import Any

import pytest

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Consent, DeviceGrant
from tests.conformance import proves
from tests.device import let_in, permissions_page, poll, press, started
from tests.endpoints.openid import userinfo
from tests.oauth import INTROSPECT, OAuthClient, Person, Products, register

Path = Callable[[], bool]


class Access:
    """Everything that a person has let a web application and a device do, each path still to be gone."""

    def __init__(self, person: Person, login: OAuthClient, device: OAuthClient, api: OAuthClient) -> None:
        self.person, self.login, self.device, self.api = person, login, device, api
        self.wanted = "openid products:read"
        self.code = person.consent(login, scope=self.wanted)
        self.tokens = person.tokens(login, scope=self.wanted)
        codes = started(device, scope="products:read")
        let_in(person, codes["user_code"])
        self.device_code = codes["device_code"]
        self.consent_page = person.visit(login, scope=self.wanted, prompt="consent")
        self.device_page = permissions_page(person, started(device, scope="products:read")["user_code"])

    def by_code(self) -> bool:
        return self.login.exchange(self.code).status_code == 200

    def by_refresh_token(self) -> bool:
        return self.login.refresh(self.tokens["refresh_token"]).status_code == 200

    def by_device_code(self) -> bool:
        return poll(self.device, self.device_code).status_code == 200

    def by_api(self) -> bool:
        return Products().list(self.tokens["access_token"]).status_code == 200

    def by_userinfo(self) -> bool:
        return userinfo(self.tokens["access_token"]).status_code == 200

    def by_introspection(self) -> bool:
        return self.introspected(self.api, "access_token")

    def by_introspection_of_the_refresh_token(self) -> bool:
        return self.introspected(self.login, "refresh_token")

    def introspected(self, client: OAuthClient, kind: str) -> bool:
        answer: dict[str, Any] = client.post(INTROSPECT, {"token": self.tokens[kind]}).json()
        # One that is no longer let in itself hears an error.
        return bool(answer.get("active"))

    def by_consent_page(self) -> bool:
        answer = self.person.decide(self.consent_page)
        return answer.status_code == 302 and "code=" in answer["Location"]

    def by_device_page(self) -> bool:
        press(self.person.browser, self.device_page, "allow")
        return DeviceGrant.objects.filter(status=DeviceGrant.AUTHORIZED, redeemed_at=None).count() == 2

    def by_a_request_without_a_page(self) -> bool:
        answer = self.person.visit(self.login, scope=self.wanted, prompt="none")
        return answer.status_code == 302 and "code=" in answer["Location"]


HELD = [
    Access.by_code,
    Access.by_refresh_token,
    Access.by_device_code,
    Access.by_api,
    Access.by_userinfo,
    Access.by_introspection,
    Access.by_introspection_of_the_refresh_token,
]
ASKED = [Access.by_consent_page, Access.by_device_page, Access.by_a_request_without_a_page]


@pytest.fixture
def access(person, login, device, owner):
    api = register(owner, "service", name="API")
    api.application.resource_server = True
    api.application.save()
    return Access(person, login, device, api)


def every(*paths):
    return pytest.mark.parametrize("path", paths, ids=[path.__name__ for path in paths])


@every(*HELD, *ASKED)
def test_every_path_is_open_before(access, path):
    assert path(access)


@every(*HELD, *ASKED)
@proves("access-ends-person")
def test_tokens_of_a_deactivated_person_are_refused(access, path):
    access.person.user.is_active = False
    access.person.user.save()
    assert not path(access)


@every(*HELD, *ASKED)
@proves("access-ends-person")
def test_tokens_of_a_deleted_person_are_refused(access, path):
    access.person.user.delete()
    assert not path(access)


@every(*HELD, *ASKED)
@proves("access-ends-application")
def test_tokens_of_a_suspended_application_are_refused(access, path):
    access.login.application.suspend()
    access.device.application.suspend()
    assert not path(access)


@every(*HELD, *ASKED)
@proves("access-ends-application")
def test_tokens_of_a_deleted_application_are_refused(access, path):
    access.login.application.delete()
    access.device.application.delete()
    assert not path(access)


@proves("access-ends-application")
def test_a_suspended_service_gets_no_token_and_has_none(service, products):
    token = service.token("client_credentials").json()["access_token"]
    service.application.suspend()
    assert service.token("client_credentials").status_code == 401
    assert products.list(token).status_code == 401


@proves("access-ends-application")
def test_a_suspended_resource_server_asks_about_nothing(access):
    access.api.application.suspend()
    answer = access.api.post(INTROSPECT, {"token": access.tokens["access_token"]})
    assert answer.status_code == 401


@every(*HELD, Access.by_a_request_without_a_page)
@proves("access-ends-consent")
def test_tokens_of_a_removed_consent_are_refused(access, path):
    for consent in Consent.objects.all():
        remove_consent(consent)
    assert not path(access)


@every(*HELD)
@proves("access-ends-consent")
def test_a_new_consent_opens_nothing_that_a_removed_one_had_brought(access, path):
    for consent in Consent.objects.all():
        remove_consent(consent)
    access.person.consent(access.login, scope=access.wanted)
    Consent.record(access.person.user, access.device.application, ["products:read"])
    assert not path(access)


@every(*HELD)
@proves("password-change")
def test_a_changed_password_ends_every_token_if_the_site_says_so(access, site, path):
    site(PASSWORD_CHANGE_ENDS_TOKENS=True)
    access.person.user.set_password("another secret of luis")
    access.person.user.save()
    assert not path(access)


@every(*HELD)
@proves("password-change")
def test_a_changed_password_keeps_every_token_by_default(access, path):
    access.person.user.set_password("another secret of luis")
    access.person.user.save()
    assert path(access)
