"""Programs hear whether an address is verified as soon as the site knows (OpenID Connect Core section 5.1)."""

import pytest

from tests.conformance import proves
from tests.endpoints.openid import SCOPES, userinfo, verified

pytestmark = proves("email-verified")
CLAIMS = f"{__name__}.another_address"


def is_luis(user):
    return {"luis": True, "unknown": None}.get(user.username, False)


def yes(user):
    return "yes"


def unknown(user):
    return None


def another_address(user, scopes):
    return {"email": "work@example.com"} if "email" in scopes else {}


def another_verified_address(user, scopes):
    return {"email": "work@example.com", "email_verified": True}


@pytest.fixture
def told(luis, login):
    """Return what ID token and userinfo say, which is the same."""

    def tell(scope=SCOPES):
        tokens = luis.tokens(login, scope=scope, prompt="consent")
        from_userinfo = userinfo(tokens["access_token"]).json()
        assert from_userinfo.items() <= verified(tokens["id_token"], login.client_id).items()
        return from_userinfo

    return tell


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (True, True),
        (False, False),
        (f"{__name__}.is_luis", True),
        (f"{__name__}.yes", True),
        (f"{__name__}.unknown", None),
        ("is_active", True),
        ("is_staff", False),
        ("is_anonymous", False),
        ("last_name", True),
        ("has_usable_password", True),
        (None, None),
    ],
)
def test_the_site_says_how_it_knows(site, told, setting, value):
    site(EMAIL_VERIFIED=setting)
    assert told().get("email_verified") is value


def test_a_function_is_asked_about_the_person(site, told, luis):
    site(EMAIL_VERIFIED=f"{__name__}.is_luis")
    luis.user.username = "ana2"
    luis.user.save()
    assert told()["email_verified"] is False


def test_email_verified_needs_the_scope_and_an_address(site, told, luis):
    site(EMAIL_VERIFIED=True)
    assert "email_verified" not in told("openid profile")
    luis.user.email = ""
    luis.user.save()
    assert {"email", "email_verified"}.isdisjoint(told())


def test_it_is_not_told_of_another_address_that_the_site_puts_there(site, told):
    site(EMAIL_VERIFIED=True, CLAIMS=f"{__name__}.another_address")
    assert told()["email"] == "work@example.com"
    assert "email_verified" not in told()
    site(CLAIMS=f"{__name__}.another_verified_address")
    assert told()["email_verified"] is True
