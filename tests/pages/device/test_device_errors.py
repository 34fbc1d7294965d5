"""Codes that are wrong, guessed or stale, and forms that were tampered with."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Consent, DeviceGrant
from multinexo_oauth.signals import throttled
from tests.conformance import proves
from tests.device import (
    PAGE,
    after_expiry,
    enter,
    hidden,
    let_in,
    permissions_page,
    poll,
    press,
    started,
)
from tests.oauth import Person

WRONG = "BBBB-BBBB"


def guess(person, times):
    return [enter(person.browser, WRONG).status_code for _ in range(times)]


def others(number):
    return [Person(User.objects.create_user(f"persona{n}")) for n in range(number)]


# Codes


@proves("device-page", "never-a-server-error")
@pytest.mark.parametrize(
    "code", [WRONG, "", " ", "-", "AEIO-U011", "ñ", "\x00", "x" * 9000, "%zz", "<script>", "ß" * 8]
)
def test_a_wrong_code_is_told_and_nothing_else(person, device, code):
    started(device)
    for page in (enter(person.browser, code), person.browser.get(PAGE, {"user_code": code})):
        assert page.status_code == 400
        assert "field__error" in page.content.decode()
        assert device.application.name not in page.content.decode()


@proves("never-a-server-error")
@pytest.mark.parametrize(
    "query", ["user_code=%zz", "user_code=%00", "user_code=%ff%fe", "user_code", "x=%00"]
)
def test_a_malformed_address_breaks_nothing(person, query):
    assert person.browser.get(f"{PAGE}?{query}").status_code in {200, 400}


@proves("device-once")
def test_an_expired_or_suspended_code_is_wrong(person, device):
    answered, expired = started(device), started(device)
    let_in(person, answered["user_code"])
    after_expiry()
    assert enter(person.browser, answered["user_code"]).status_code == 400
    assert enter(person.browser, expired["user_code"]).status_code == 400
    good = started(device)
    device.application.suspend()
    assert enter(person.browser, good["user_code"]).status_code == 400


@proves("device-answered", "device-guessing")
@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_to_a_stranger_an_answered_code_is_wrong_and_counts_as_one(person, stranger, device, decision):
    code = started(device)["user_code"]
    press(person.browser, permissions_page(person, code), decision)
    pages = [enter(stranger.browser, code) for _ in range(5)]
    assert [page.status_code for page in pages] == [400] * 5
    assert "field__error" in pages[0].content.decode()
    assert device.application.name not in pages[0].content.decode()
    assert enter(stranger.browser, code).status_code == 429


@proves("device-answered")
def test_a_code_whose_access_was_withdrawn_since_is_wrong(person, device):
    code = started(device)["user_code"]
    let_in(person, code)
    remove_consent(Consent.objects.get())
    assert enter(person.browser, code).status_code == 400


# Guessing


@proves("device-guessing")
def test_an_account_has_five_wrong_codes_in_ten_minutes(person, device):
    codes = started(device)
    assert guess(person, 6) == [400] * 5 + [429]
    refused = enter(person.browser, codes["user_code"])
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 600
    assert "10 minut" in refused.content.decode()
    assert f'href="{PAGE}"' not in refused.content.decode()  # where a code is what must wait
    assert person.browser.get(PAGE, {"user_code": codes["user_code"]}).status_code == 429


@proves("device-guessing")
def test_guesses_in_the_address_count_as_well(person):
    codes = [person.browser.get(PAGE, {"user_code": WRONG}).status_code for _ in range(6)]
    assert codes == [400] * 5 + [429]


@proves("device-guessing")
def test_the_page_itself_stays_open(person):
    guess(person, 6)
    assert person.browser.get(PAGE).status_code == 200


@proves("device-guessing")
def test_an_address_has_twenty_wrong_codes_whatever_the_accounts(person, device):
    assert [status for other in others(5) for status in guess(other, 4)] == [400] * 20
    assert enter(person.browser, started(device)["user_code"]).status_code == 429


@proves("device-guessing")
def test_another_account_at_another_address_is_not_held_back(person, stranger, device):
    guess(person, 6)
    stranger.browser.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert enter(stranger.browser, started(device)["user_code"]).status_code == 200


@proves("device-guessing")
def test_right_codes_do_not_count(person, device):
    for _ in range(7):
        assert enter(person.browser, started(device)["user_code"]).status_code == 200
    assert guess(person, 5) == [400] * 5


@proves("device-guessing")
def test_the_limit_ends_with_its_time(person, device, monkeypatch):
    guess(person, 6)
    soon = timezone.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr("time.time", soon.timestamp)
    assert enter(person.browser, started(device)["user_code"]).status_code == 200


@proves("device-guessing", "never-told")
def test_guessing_is_logged_and_announced(person, caplog):
    heard = []

    def hear(what, **kwargs):
        heard.append(what)

    throttled.connect(hear)
    with caplog.at_level(logging.WARNING, "multinexo_oauth.security"):
        guess(person, 6)
    throttled.disconnect(hear)
    assert heard == ["user_code_by_account"]
    record = next(record for record in caplog.records if record.name == "multinexo_oauth.security")
    assert (record.event, record.user_id) == ("throttled", person.user.pk)
    assert WRONG not in caplog.text


@proves("device-guessing")
def test_a_cache_that_keeps_nothing_breaks_nothing(person, device, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert enter(person.browser, WRONG).status_code == 400
    assert enter(person.browser, started(device)["user_code"]).status_code == 200


@proves("throttled-settings")
def test_a_site_sets_how_many_wrong_codes_it_takes(person, settings):
    rates = settings.MULTINEXO_OAUTH["THROTTLES"]
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        "THROTTLES": {**rates, "user_code_by_account": "1/hour"},
    }
    assert guess(person, 2) == [400, 429]
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "THROTTLES": None}
    assert guess(person, 22) == [400] * 22


# Forms


@proves("device-page")
def test_nobody_answers_without_signing_in(db, person, device):
    page = enter(person.browser, started(device)["user_code"])
    answer = Client().post(PAGE, {"request": hidden(page)["request"], "decision": "confirm"})
    assert answer.status_code == 302
    assert "/entrar/" in answer["Location"]


@proves("device-hardened")
def test_a_form_of_another_site_is_refused(person, device):
    assert person.browser.post(PAGE, {"user_code": started(device)["user_code"]}).status_code == 403


@proves("device-form")
def test_another_person_cannot_send_the_form(person, stranger, device):
    page = permissions_page(person, started(device)["user_code"])
    form = hidden(stranger.browser.get(PAGE)) | {"request": hidden(page)["request"]}
    answer = stranger.browser.post(PAGE, form | {"scopes": ["products:read"], "decision": "allow"})
    assert answer.status_code == 400
    assert not Consent.objects.exists()


@proves("device-form")
@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "\x00",
        "ñ",
        "a:b:c",
        "x" * 9000,
        pytest.param(signing.dumps({"grant": 1}), id="signed-otherwise"),
    ],
)
def test_a_forged_form_is_refused(person, value):
    form = hidden(person.browser.get(PAGE)) | {"request": value, "decision": "allow"}
    answer = person.browser.post(PAGE, form)
    assert answer.status_code == 400
    assert PAGE in answer.content.decode()


@proves("device-phishing", "device-form")
def test_the_permissions_cannot_be_answered_before_the_device_is_confirmed(person, device):
    page = enter(person.browser, started(device)["user_code"])
    answer = press(person.browser, page, "allow", scopes=["products:read"])
    assert 'data-action="allow"' in answer.content.decode()
    assert not Consent.objects.exists()


@proves("device-form")
@pytest.mark.parametrize("scopes", [["documents:read"], ["products:read", "unknown"], ["\x00"], []])
def test_only_what_was_shown_can_be_granted(person, device, scopes):
    codes = started(device)
    assert let_in(person, codes["user_code"], scopes=scopes).status_code == 400
    assert poll(device, codes["device_code"]).json()["error"] == "authorization_pending"


@proves("device-form")
@pytest.mark.parametrize("decision", ["", "maybe", "\x00"])
def test_an_unknown_decision_decides_nothing(person, device, decision):
    codes = started(device)
    page = permissions_page(person, codes["user_code"])
    assert press(person.browser, page, decision).status_code == 400
    assert poll(device, codes["device_code"]).json()["error"] == "authorization_pending"


@proves("device-final")
@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_an_answer_is_final(person, device, decision):
    codes = started(device)
    page = permissions_page(person, codes["user_code"])
    first = press(person.browser, page, "deny")
    assert press(person.browser, page, decision).content == first.content
    assert poll(device, codes["device_code"]).json()["error"] == "access_denied"


@proves("device-form")
def test_a_stale_form_grants_nothing(person, device, settings):
    codes = started(device)
    page = permissions_page(person, codes["user_code"])
    after_expiry()
    assert press(person.browser, page, "allow").status_code == 400
    page = permissions_page(person, started(device)["user_code"])
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "CONSENT_REQUEST_SECONDS": -1}
    assert press(person.browser, page, "allow").status_code == 400
    assert not Consent.objects.exists()


@proves("device-form")
def test_a_device_whose_code_ran_out_is_not_asked_about_any_more(person, device):
    page = enter(person.browser, started(device)["user_code"])
    after_expiry()
    assert press(person.browser, page, "confirm").status_code == 400


@proves("device-ends", "access-ends-application")
def test_a_suspended_application_gets_no_access(person, device):
    page = permissions_page(person, started(device)["user_code"])
    device.application.suspend()
    assert press(person.browser, page, "allow").status_code == 400
    assert DeviceGrant.objects.get().status == DeviceGrant.AUTHORIZATION_PENDING


@proves("never-a-server-error")
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(person, method):
    assert getattr(Client(), method)(PAGE).status_code in {302, 405}


@proves("device-final")
def test_a_device_that_another_person_let_in_is_no_longer_there(person, stranger, device):
    codes = started(device)
    page = permissions_page(stranger, codes["user_code"])
    let_in(person, codes["user_code"])
    assert press(stranger.browser, page, "allow").status_code == 400
    assert Consent.objects.get().user == person.user


@proves("device-form")
def test_somebody_signed_out_meanwhile_signs_in_again_and_nothing_was_decided(person, device):
    codes = started(device)
    page = permissions_page(person, codes["user_code"])
    token = person.browser.cookies["csrftoken"]
    person.browser.logout()
    person.browser.cookies["csrftoken"] = token.value
    answer = press(person.browser, page, "allow")
    assert answer["Location"].endswith(f"?next={PAGE}%3Funsaved%3D1")
    assert poll(device, codes["device_code"]).json()["error"] == "authorization_pending"
    assert not Consent.objects.exists()


@proves("device-final")
@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_an_answer_that_another_one_overtakes_changes_nothing(person, stranger, device, decision):
    codes = started(device)
    page = permissions_page(person, codes["user_code"])
    table = DeviceGrant._meta.db_table

    def overtake(execute, sql, *rest):
        if sql.startswith("UPDATE") and table in sql and "status" in sql and not overtaken:
            overtaken.append(sql)
            DeviceGrant.objects.update(status=DeviceGrant.DENIED, user=stranger.user)
        return execute(sql, *rest)

    overtaken: list[Any] = []
    with connection.execute_wrapper(overtake):
        press(person.browser, page, decision)
    assert overtaken
    assert DeviceGrant.objects.get().user == stranger.user
    assert not Consent.objects.exists()
    assert poll(device, codes["device_code"]).json()["error"] == "access_denied"
