"""What a device is told when it asks wrongly, too fast, too late or in vain (RFC 8628 section 3.5)."""

import pytest

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import AccessToken, Consent, DeviceGrant
from tests.conformance import proves
from tests.device import (
    GRANT_TYPE,
    START,
    after_expiry,
    enter,
    later,
    let_in,
    permissions_page,
    poll,
    press,
    start,
    started,
    tokens,
)
from tests.oauth import FORM, register


def refused(answer, error, status=400):
    assert answer.status_code == status, answer.content
    assert answer.json()["error"] == error
    assert answer["Cache-Control"] == "no-store"


# The start


@proves("device-start-checks")
def test_an_unknown_client_is_refused(device):
    device.client_id = "unknown"
    refused(start(device), "invalid_client", 401)


@proves("device-start-checks", "access-ends-application")
def test_a_suspended_client_is_refused(device):
    code = started(device)["device_code"]
    device.application.suspend()
    refused(start(device), "invalid_client", 401)
    refused(poll(device, code), "invalid_client", 401)


@proves("device-start-checks")
@pytest.mark.parametrize("kind", ["web", "spa", "native", "service"])
def test_another_kind_may_not_use_the_flow(request, kind):
    client = request.getfixturevalue(kind)
    refused(start(client), "unauthorized_client")
    refused(poll(client, "x"), "unauthorized_client")


@proves("device-start-checks")
@pytest.mark.parametrize(
    "scope", ["documents:read", "products:read documents:read", "unknown", "ñ", "x" * 7000, ""]
)
def test_a_scope_beyond_the_allow_list_is_refused_at_the_start(device, scope):
    refused(start(device, scope=scope), "invalid_scope")
    assert not DeviceGrant.objects.exists()


@proves("device-start-checks", "never-a-server-error")
@pytest.mark.parametrize("scope", ["\x00", "x" * 9000, ["products:read", "products:read"]])
def test_a_malformed_request_is_refused(device, scope):
    refused(start(device, scope=scope), "invalid_request")


@proves("device-start-checks")
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
def test_only_post_is_answered(device, method):
    answer = getattr(device.http, method)(START)
    assert answer.status_code == 405
    assert answer["Cache-Control"] == "no-store"


@proves("never-a-server-error")
@pytest.mark.parametrize("agent", ["", "\x00", "x" * 5000, "\xff\xfe\n<script>", "caja 🖨"])
def test_any_user_agent_will_do(device, agent):
    form = f"client_id={device.client_id}&scope=products:read"
    answer = device.http.post(START, form, content_type=FORM, HTTP_USER_AGENT=agent)
    assert answer.status_code == 200
    assert len(DeviceGrant.objects.get().agent) <= 200


# The poll


@proves("device-slow-down")
def test_polling_too_fast_slows_this_device_down_by_five_seconds_each_time(device):
    code = started(device)["device_code"]
    refused(poll(device, code), "authorization_pending")
    refused(poll(device, code), "slow_down")
    later(seconds=9)
    refused(poll(device, code), "slow_down")
    later(seconds=15)
    refused(poll(device, code), "authorization_pending")


@proves("device-slow-down")
def test_polling_too_fast_slows_no_other_device_down(device):
    fast, other = started(device)["device_code"], started(device)["device_code"]
    poll(device, fast)
    refused(poll(device, fast), "slow_down")
    refused(poll(device, other), "authorization_pending")


@proves("device-errors")
def test_a_refusal_on_the_first_page_is_told(person, device):
    codes = started(device)
    press(person.browser, enter(person.browser, codes["user_code"]), "deny")
    refused(poll(device, codes["device_code"]), "access_denied")


@proves("device-errors")
def test_a_refusal_is_told_again_until_the_code_expires(person, device):
    codes = started(device)
    press(person.browser, permissions_page(person, codes["user_code"]), "deny")
    refused(poll(device, codes["device_code"]), "access_denied")
    refused(poll(device, codes["device_code"]), "access_denied")
    after_expiry()
    refused(poll(device, codes["device_code"]), "expired_token")


@proves("device-once", "device-errors")
def test_an_expired_code_is_dead_whatever_its_state(person, device):
    waiting, allowed = started(device), started(device)
    let_in(person, allowed["user_code"])
    after_expiry()
    refused(poll(device, waiting["device_code"]), "expired_token")
    refused(poll(device, allowed["device_code"]), "expired_token")
    assert not AccessToken.objects.exists()


@proves("device-once")
def test_a_code_is_used_once(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    first = poll(device, codes["device_code"]).json()
    refused(poll(device, codes["device_code"]), "invalid_grant")
    assert device.refresh(first["refresh_token"]).status_code == 200


@proves("device-once")
def test_a_code_is_good_for_its_client_alone(person, owner, device):
    thief = register(owner, "device", name="Otra")
    codes = started(device)
    refused(poll(thief, codes["device_code"]), "invalid_grant")
    let_in(person, codes["user_code"])
    refused(poll(thief, codes["device_code"]), "invalid_grant")
    assert poll(device, codes["device_code"]).status_code == 200


@proves("device-errors")
@pytest.mark.parametrize("code", ["x", "ñ", "%zz", "' OR 1=1", "x" * 7000])
def test_an_unknown_code_is_refused(device, code):
    refused(poll(device, code), "invalid_grant")


@proves("device-errors")
def test_a_user_code_is_no_device_code(device):
    refused(poll(device, started(device)["user_code"]), "invalid_grant")


@proves("token-malformed")
@pytest.mark.parametrize(
    "form", [{}, {"device_code": ""}, {"device_code": ["x", "x"]}, {"device_code": "\x00"}]
)
def test_a_missing_or_malformed_code_is_an_invalid_request(device, form):
    refused(device.token(GRANT_TYPE, **form), "invalid_request")


@proves("device-ends", "access-ends-person")
def test_a_deactivated_persons_yes_is_void(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    person.user.is_active = False
    person.user.save()
    refused(poll(device, codes["device_code"]), "invalid_grant")


@proves("device-ends")
def test_a_deleted_persons_yes_is_void(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    person.user.delete()
    refused(poll(device, codes["device_code"]), "invalid_grant")


@proves("device-ends")
def test_a_removed_consent_ends_the_code(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    remove_consent(Consent.objects.get())
    refused(poll(device, codes["device_code"]), "invalid_grant")
    let_in(person, started(device)["user_code"])
    refused(poll(device, codes["device_code"]), "invalid_grant")


@proves("device-ends")
def test_a_consent_deleted_by_other_means_ends_the_code(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    Consent.objects.all().delete()
    refused(poll(device, codes["device_code"]), "invalid_grant")
    assert not AccessToken.objects.exists()


@proves("device-ends")
def test_a_narrower_consent_narrows_what_the_device_gets(person, device):
    codes = started(device)
    let_in(person, codes["user_code"])
    Consent.objects.update(scope="products:read")
    assert poll(device, codes["device_code"]).json()["scope"] == "products:read"


@proves("device-ends", "access-ends-application")
def test_deleting_an_application_ends_its_codes_and_tokens(person, device, products):
    answer, codes = tokens(person, device), started(device)
    let_in(person, codes["user_code"])
    device.application.delete()
    refused(poll(device, codes["device_code"]), "invalid_client", 401)
    refused(device.refresh(answer["refresh_token"]), "invalid_client", 401)
    assert products.list(answer["access_token"]).status_code == 401
    assert not DeviceGrant.objects.exists()
