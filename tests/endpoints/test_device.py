"""A device without a browser gets its tokens while a person answers elsewhere (RFC 8628)."""

import re
from urllib.parse import parse_qs, urlsplit

from multinexo_oauth.models import AccessToken, DeviceGrant, Event, RefreshToken
from multinexo_oauth.server.grants.device import find_pending
from multinexo_oauth.signals import token_issued
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.device import (
    GRANT_TYPE,
    START,
    later,
    let_in,
    permissions_page,
    poll,
    press,
    start,
    started,
    tokens,
)
from tests.oauth import register


@proves("device-token", "device-page")
def test_a_person_lets_a_device_in_and_it_calls_the_api(person, device, products):
    codes = started(device)
    assert poll(device, codes["device_code"]).json()["error"] == "authorization_pending"
    let_in(person, codes["user_code"])
    answer = poll(device, codes["device_code"])
    assert answer.status_code == 200
    assert products.create(answer.json()["access_token"]).status_code == 201


@proves("device-start", "device-code")
def test_the_start_says_what_to_show_and_how_to_wait(device):
    answer = start(device)
    assert answer["Cache-Control"] == "no-store"
    codes = answer.json()
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", codes["user_code"])
    assert codes["verification_uri"] == "http://testserver/auth/v1/device/"
    complete = urlsplit(codes["verification_uri_complete"])
    assert parse_qs(complete.query) == {"user_code": [codes["user_code"]]}
    assert codes["verification_uri_complete"].startswith(codes["verification_uri"])
    assert (codes["expires_in"], codes["interval"]) == (900, 5)
    assert len(codes["device_code"]) >= 43


@proves("device-slash")
def test_the_start_works_without_its_slash(device):
    assert device.post(START.rstrip("/"), {"scope": "products:read"}).status_code == 200


@proves("device-start")
def test_every_request_has_codes_of_its_own(device):
    both = [started(device), started(device)]
    assert len({codes["user_code"] for codes in both}) == len({codes["device_code"] for codes in both}) == 2


@proves("device-code")
def test_no_two_devices_have_one_user_code(device, monkeypatch):
    letters = iter("B" * 16 + "C" * 8)
    monkeypatch.setattr("secrets.choice", lambda alphabet: next(letters))
    assert [started(device)["user_code"] for _ in range(2)] == ["BBBB-BBBB", "CCCC-CCCC"]


@proves("device-token")
def test_the_tokens_are_as_those_of_any_other_grant(person, device):
    answer = tokens(person, device)
    assert set(answer) == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 900
    assert answer["scope"] == "products:read products:write"


@proves("device-token", "token-no-store")
def test_the_token_answer_is_json_that_nobody_stores(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    answer = poll(device, codes["device_code"])
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"


@proves("device-token")
def test_the_refresh_token_is_good_and_of_the_same_family(person, device):
    refreshed = device.refresh(tokens(person, device)["refresh_token"])
    assert refreshed.status_code == 200
    families = {*AccessToken.objects.values_list("family"), *RefreshToken.objects.values_list("family")}
    assert families == set(DeviceGrant.objects.values_list("family"))


@proves("device-token", "revoke-family")
def test_ending_a_token_ends_all_that_came_of_the_device_code(person, device, products):
    answer = tokens(person, device)
    device.revoke(answer["refresh_token"])
    assert products.list(answer["access_token"]).status_code == 401


@proves("device-page", "authorize-less-scope")
def test_the_person_may_grant_less_than_was_asked(person, device):
    codes = started(device)
    let_in(person, codes["user_code"], scopes=["products:read"])
    assert poll(device, codes["device_code"]).json()["scope"] == "products:read"


@proves("authorize-no-scope")
def test_without_a_scope_the_device_asks_for_its_default_ones(person, owner):
    client = register(owner, "device", default_scopes="products:read")
    codes = started(client, scope="")
    let_in(person, codes["user_code"])
    assert poll(client, codes["device_code"]).json()["scope"] == "products:read"


@proves("device-errors")
def test_a_device_that_waits_as_told_is_never_slowed_down(device):
    code = started(device)["device_code"]
    for _ in range(3):
        assert poll(device, code).json()["error"] == "authorization_pending"
        later(seconds=5)


@proves("device-errors")
def test_a_device_is_not_kept_waiting_once_it_is_let_in(person, device):
    codes = started(device)
    poll(device, codes["device_code"])
    let_in(person, codes["user_code"])
    assert poll(device, codes["device_code"]).status_code == 200


@proves("never-in-the-clear")
def test_no_code_is_stored_in_the_clear(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    stored = repr([*DeviceGrant.objects.values(), *Event.objects.values()])
    assert codes["device_code"] not in stored
    assert codes["user_code"] not in stored
    assert codes["user_code"].replace("-", "") not in stored


@proves("device-announced")
def test_it_is_announced_as_any_other_grant(person, device):
    heard = []

    def hear(access_token, grant_type, **kwargs):
        heard.append((access_token.user, grant_type))

    token_issued.connect(hear)
    tokens(person, device)
    token_issued.disconnect(hear)
    assert heard == [(person.user, GRANT_TYPE)]
    assert Event.objects.get(action=Event.Action.CONSENT_GIVEN).application == device.application


@proves("device-final")
def test_the_first_of_two_answers_counts(person, device):
    codes = started(device)
    page = permissions_page(person, codes["user_code"])
    press(person.browser, page, "allow")
    press(person.browser, page, "deny")
    assert poll(device, codes["device_code"]).status_code == 200


@proves("never-in-the-clear")
def test_a_stored_user_code_is_keyed_for_all_of_them_could_be_tried_in_seconds(device, settings):
    code = started(device)["user_code"].replace("-", "")
    stored = DeviceGrant.objects.get().user_code
    assert stored not in {code, digest(code), digest(f"{code[:4]}-{code[4:]}")}
    assert find_pending(code)
    settings.SECRET_KEY = "another key"
    assert find_pending(code) is None
