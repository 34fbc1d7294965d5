"""A person lets a device in: the code, the device, its permissions, the end."""

import re

import pytest
from django.test import Client

from multinexo_oauth.models import Consent, DeviceGrant, Event
from tests.conformance import proves
from tests.device import PAGE, enter, let_in, permissions_page, poll, press, started, tokens
from tests.oauth import FORM, register


def text_of(page):
    """Return the page's words, tags left out and spaces folded."""
    html = re.sub(r"<(style|script|title).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def complete(codes):
    return codes["verification_uri_complete"].removeprefix("http://testserver")


# 1. The code


@proves("device-page")
def test_the_page_has_one_field(person):
    page = person.browser.get(PAGE)
    form = re.search(r"<form[^>]*novalidate.*?</form>", page.content.decode(), re.DOTALL)[0]
    assert re.findall(r'<input type="(?!hidden)', form) == ['<input type="']
    assert 'name="user_code"' in form


@proves("device-page")
def test_every_step_names_the_account_and_none_leads_away(person, device):
    steps = [person.browser.get(PAGE), enter(person.browser, "BCDF-GHJK")]
    code = started(device)["user_code"]
    steps += [enter(person.browser, code), permissions_page(person, code)]
    for page in steps:
        assert "Su cuenta: luis@example.com" in text_of(page)
        assert 'data-action="switch-account"' in page.content.decode()
        assert '<nav class="nav"' not in page.content.decode()


@proves("device-complete")
def test_who_has_not_signed_in_does_so_and_comes_back_to_the_complete_address(db, device):
    back = complete(started(device))
    answer = Client().get(back)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={back.replace('?', '%3F').replace('=', '%3D')}")


@proves("device-code")
@pytest.mark.parametrize(
    "write",
    [
        str,
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f"  {code[:4].lower()} {code[5:]} ",
        lambda code: " ".join(code.replace("-", "")),
        lambda code: code.replace("-", "–"),
    ],
)
def test_case_spaces_and_dashes_do_not_matter(person, device, write):
    code = started(device)["user_code"]
    assert code in text_of(enter(person.browser, write(code)))


# 2. The device


@proves("device-phishing")
def test_the_confirm_page_repeats_the_code_and_describes_the_device(person, device):
    form = f"client_id={device.client_id}&scope=products:read"
    headers = {"HTTP_USER_AGENT": "Caja/1.0 <b>", "REMOTE_ADDR": "203.0.113.7"}
    codes = device.http.post("/auth/v1/device-authorization/", form, content_type=FORM, **headers).json()
    page = enter(person.browser, codes["user_code"])
    assert codes["user_code"] in text_of(page)
    assert device.application.name in text_of(page)
    assert "203.0.113.7" in text_of(page)
    assert "Caja/1.0 &lt;b&gt;" in page.content.decode()
    assert 'data-action="confirm"' in page.content.decode()


@proves("device-page")
def test_it_names_the_account_and_lets_another_be_used(person, device):
    page = enter(person.browser, started(device)["user_code"])
    assert "luis@example.com" in text_of(page)
    assert 'data-action="switch-account"' in page.content.decode()


@proves("device-complete", "device-phishing")
def test_the_complete_address_shows_the_same_page_and_skips_nothing(person, device):
    tokens(person, device)
    codes = started(device)
    page = person.browser.get(complete(codes))
    assert 'data-action="confirm"' in page.content.decode()
    assert text_of(page) == text_of(enter(person.browser, codes["user_code"]))
    assert DeviceGrant.objects.latest("pk").status == DeviceGrant.AUTHORIZATION_PENDING


# 3. The permissions


@proves("device-page")
def test_the_permissions_are_those_of_the_consent_page(person, device):
    code = started(device)["user_code"]
    page = permissions_page(person, code)
    assert device.application.name in text_of(page)
    assert f"<strong>{code}</strong>" in page.content.decode()
    assert re.findall(
        r'type="checkbox"[^>]* name="scopes" value="([^"]+)" checked', page.content.decode()
    ) == [
        "products:read",
        "products:write",
    ]
    assert 'data-action="allow"' in page.content.decode()
    assert 'data-action="deny"' in page.content.decode()


@proves("device-page")
def test_a_required_permission_cannot_be_cleared_alone(person, owner):
    client = register(owner, "device", required_scopes="products:write")
    page = permissions_page(person, started(client)["user_code"])
    left = re.findall(r'type="hidden" name="scopes" value="([^"]+)"', page.content.decode())
    press(person.browser, page, "allow", scopes=left)
    assert Consent.objects.get().scope_names == ["products:write"]


@proves("device-page")
def test_a_permission_that_became_required_after_the_page_opened_is_asked_again(person, device):
    page = permissions_page(person, started(device)["user_code"])
    device.application.required_scopes = "products:write"
    device.application.save()
    assert press(person.browser, page, "allow", scopes=["products:read"]).status_code == 400
    assert not Consent.objects.exists()


@proves("device-page")
def test_what_was_granted_before_is_shown_apart(person, device):
    let_in(person, started(device, scope="products:read")["user_code"])
    page = permissions_page(person, started(device)["user_code"])
    html = page.content.decode()
    assert re.findall(r'name="scopes" value="([^"]+)"', html) == ["products:write"]
    assert "<details" in html


# 4. The end


@proves("device-announced")
def test_a_yes_is_recorded_as_a_consent(person, device):
    page = let_in(person, started(device)["user_code"])
    assert page.status_code == 200
    assert device.application.name in text_of(page)
    consent = Consent.objects.get()
    assert (consent.user, consent.application) == (person.user, device.application)
    assert consent.scope_names == ["products:read", "products:write"]
    event = Event.objects.get(action=Event.Action.CONSENT_GIVEN)
    assert (event.actor, event.address) == (person.user, "127.0.0.1")


@proves("device-final")
def test_two_clicks_end_like_one(person, device):
    page = permissions_page(person, started(device)["user_code"])
    first = press(person.browser, page, "allow")
    assert press(person.browser, page, "allow").content == first.content
    assert Event.objects.filter(action=Event.Action.CONSENT_GIVEN).count() == 1


@proves("device-final")
@pytest.mark.parametrize("answers", [("allow", "deny"), ("deny", "allow")])
def test_who_has_answered_two_devices_sees_the_answer_of_each(person, device, answers):
    pages = [permissions_page(person, started(device)["user_code"]) for _answer in answers]
    for page, answer in zip(pages, answers, strict=True):
        press(person.browser, page, answer)
    ends = {"allow": "Your device is connected", "deny": "The device was not connected"}
    person.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for page, answer in zip(pages, answers, strict=True):
        assert ends[answer] in text_of(press(person.browser, page, "allow"))


@proves("device-answered")
@pytest.mark.parametrize("redeemed", [False, True])
def test_a_code_just_allowed_says_so_when_it_is_opened_again(person, device, redeemed):
    codes = started(device)
    let_in(person, codes["user_code"])
    if redeemed:
        assert poll(device, codes["device_code"]).status_code == 200
    opened = person.browser.get(PAGE, {"user_code": codes["user_code"]})
    for _ in range(7):  # none of which counts as a wrong code
        page = enter(person.browser, codes["user_code"])
        assert page.status_code == 200
        assert text_of(page) == text_of(opened)
    assert "Ya conectó este dispositivo" in text_of(page)
    assert device.application.name in text_of(page)
    assert "Vuelva al dispositivo" in text_of(page)
    assert not re.search(r'<button[^>]*name="decision"', page.content.decode())


@proves("device-answered")
def test_a_code_just_refused_says_so_when_it_is_opened_again(person, device):
    codes = started(device)
    press(person.browser, permissions_page(person, codes["user_code"]), "deny")
    page = enter(person.browser, codes["user_code"])
    assert page.status_code == 200
    assert "Ya rechazó este dispositivo" in text_of(page)
    assert poll(device, codes["device_code"]).json()["error"] == "access_denied"


@proves("device-page")
def test_refusing_shows_a_page_and_stores_no_consent(person, device):
    codes = started(device)
    yes = let_in(person, started(device)["user_code"])
    Consent.objects.all().delete()
    page = press(person.browser, permissions_page(person, codes["user_code"]), "deny")
    assert page.status_code == 200
    assert text_of(page) != text_of(yes)
    assert not Consent.objects.exists()


@proves("device-hardened")
def test_every_page_is_hardened(person, device):
    code = started(device)["user_code"]
    confirm = enter(person.browser, code)
    permissions = press(person.browser, confirm, "confirm")
    end = press(person.browser, permissions, "allow")
    for page in (person.browser.get(PAGE), confirm, permissions, end):
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "same-origin"
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert "unsafe-inline" not in page["Content-Security-Policy"]


@proves("device-page")
def test_two_devices_wait_side_by_side(person, device):
    first, second = started(device), started(device)
    let_in(person, second["user_code"])
    assert enter(person.browser, first["user_code"]).status_code == 200


@proves("device-phishing")
def test_a_device_without_an_agent_is_shown_as_unknown(person, device):
    device.http.defaults["REMOTE_ADDR"] = ""
    page = person.browser.get(complete(started(device)))
    assert page.content.decode().count("<dd>Se desconoce</dd>") == 2


@proves("device-phishing")
def test_a_long_name_of_an_agent_is_cut_to_eighty_letters(person, device):
    device.http.defaults["HTTP_USER_AGENT"] = "Caja/" + "x" * 75
    assert f"<dd>Caja/{'x' * 75}</dd>" in person.browser.get(complete(started(device))).content.decode()
    device.http.defaults["HTTP_USER_AGENT"] = "Caja/" + "x" * 76
    assert f"<dd>Caja/{'x' * 74}…</dd>" in person.browser.get(complete(started(device))).content.decode()
