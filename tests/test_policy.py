"""A site's policy: each example of docs/policy.md does over HTTP what the page says, and the default does not."""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import checks, mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from multinexo_oauth.defaults import OAUTH2_PROVIDER
from multinexo_oauth.mail import flush
from multinexo_oauth.models import Application, Consent, Event, RefreshToken
from multinexo_oauth.policy import Policy
from tests.device import permissions_page, started
from tests.endpoints.openid import DISCOVERY, userinfo, verified
from tests.oauth import OAuthClient, Person, answered, register

PAGE = (Path(__file__).parent.parent / "docs" / "policy.md").read_text()
EXAMPLES = dict(re.findall(r"^### `(\w+)\(.*?^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
METHODS = [name for name in vars(Policy) if not name.startswith("_")]
BOTH = "products:read products:write"
# No module has another's name: policies are kept by their paths.
NUMBERS = count()

Site = Callable[..., None]


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Make the example of a method, or another class, the site's policy."""

    def follow(method: str, policy: type[Policy] | None = None, **more: Any) -> None:
        module = ModuleType(f"policy_of_a_site_{next(NUMBERS)}")
        namespace: dict[str, Any] = {"Policy": Policy}
        exec(EXAMPLES[method], namespace)
        module.SitePolicy = policy or namespace["SitePolicy"]  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.MULTINEXO_OAUTH = {
            **settings.MULTINEXO_OAUTH,
            **more,
            "POLICY": f"{module.__name__}.SitePolicy",
        }

    return follow


def test_every_method_has_an_example() -> None:
    assert list(EXAMPLES) == METHODS


@pytest.mark.parametrize("value", ["nowhere.Policy", "multinexo_oauth.defaults.LOGIN", None])
def test_a_policy_that_cannot_be_imported_is_found_at_start(settings: Any, value: Any) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "POLICY": value}
    [message] = [found for found in checks.run_checks() if found.id == "multinexo_oauth.E018"]
    assert "POLICY" in message.msg


def test_may_register(site: Site, person: Person) -> None:
    page = reverse("multinexo_oauth:application-new")
    assert person.browser.get(page).status_code == 200
    site("may_register")
    assert person.browser.get(page).status_code == 403
    User.objects.update(email="luis@partners.example.com")
    assert person.browser.get(page).status_code == 200


def test_may_grant_leaves_out_what_the_person_may_not_grant(
    site: Site, person: Person, web: OAuthClient
) -> None:
    site("may_grant")
    page = person.visit(web, scope=BOTH)
    assert 'value="products:write"' not in page.content.decode()
    answer = web.exchange(answered(person.decide(page))["code"])
    assert answer.json()["scope"] == "products:read"


def test_may_grant_refuses_where_nothing_is_left(site: Site, person: Person, web: OAuthClient) -> None:
    site("may_grant")
    assert answered(person.visit(web, scope="products:write"))["error"] == "access_denied"


def test_may_grant_is_asked_again_when_the_page_is_posted(
    site: Site, person: Person, web: OAuthClient
) -> None:
    page = person.visit(web, scope=BOTH)
    site("may_grant")
    page = person.decide(page)
    assert page.status_code == 400
    assert not Consent.objects.exists()
    person.decide(page)
    assert Consent.objects.get().scope == "products:read"


def test_may_grant_holds_for_devices(site: Site, person: Person, device: OAuthClient) -> None:
    site("may_grant")
    asked = permissions_page(person, started(device, scope=BOTH)["user_code"]).content.decode()
    assert 'value="products:read"' in asked
    assert 'value="products:write"' not in asked


@pytest.fixture
def sign_in(owner: User) -> OAuthClient:
    """An application that asks who its people are."""
    return register(
        owner,
        "web",
        redirect_uris="https://login.example/callback",
        scopes="openid profile email products:read",
    )


def test_may_skip_consent_records_the_consent_all_the_same(
    site: Site, person: Person, sign_in: OAuthClient
) -> None:
    site("may_skip_consent")
    assert person.visit(sign_in, scope="openid profile").status_code == 200
    Application.objects.update(verified=True)
    assert person.visit(sign_in, scope="openid products:read").status_code == 200
    assert (
        sign_in.exchange(answered(person.visit(sign_in, scope="openid profile"))["code"]).status_code == 200
    )
    assert Consent.objects.get().scope == "openid profile"
    assert Event.objects.filter(action=Event.Action.CONSENT_GIVEN).count() == 1


def test_an_application_that_a_superuser_marked_gets_no_question(person: Person, web: OAuthClient) -> None:
    Application.objects.update(skip_authorization=True)
    silent = answered(person.visit(web, prompt="none"))
    assert web.exchange(silent["code"]).json()["scope"] == BOTH
    assert person.visit(web, prompt="consent").status_code == 200


def test_nobody_skips_the_question_for_an_application_that_nobody_verified(
    person: Person, web: OAuthClient
) -> None:
    Application.objects.update(skip_authorization=True, registration_source="dcr")
    assert person.visit(web).status_code == 200


def test_nobody_skips_the_question_for_a_program_of_the_persons_own_device(
    person: Person, native: OAuthClient
) -> None:
    Application.objects.update(skip_authorization=True)
    assert person.visit(native).status_code == 200


def test_login_url(site: Site, person: Person, web: OAuthClient) -> None:
    site("login_url")
    assert person.visit(web, scope="products:read").status_code == 200
    away = person.visit(web, scope=BOTH)
    assert away["Location"].startswith("/second-factor/?next=/auth/v1/authorize/")
    assert answered(person.visit(web, scope=BOTH, prompt="none"))["error"] == "login_required"
    session = person.browser.session
    session["second_factor"] = True
    session.save()
    assert person.visit(web, scope=BOTH).status_code == 200


def test_login_url_holds_for_a_page_that_was_opened_before(
    site: Site, person: Person, web: OAuthClient
) -> None:
    page = person.visit(web, scope=BOTH)
    site("login_url")
    assert person.decide(page).status_code == 400
    assert not Consent.objects.exists()


def test_login_url_holds_for_devices(site: Site, person: Person, device: OAuthClient) -> None:
    site("login_url")
    codes = started(device, scope=BOTH)
    away = permissions_page(person, codes["user_code"])
    assert away["Location"].startswith("/second-factor/?next=")
    assert codes["user_code"] in away["Location"]


def test_access_token_seconds(site: Site, person: Person, web: OAuthClient, service: OAuthClient) -> None:
    site("access_token_seconds")
    seconds = OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]
    assert person.tokens(web, scope="products:read")["expires_in"] == seconds
    tokens = person.tokens(web, scope=BOTH)
    assert tokens["expires_in"] == 120
    assert web.refresh(tokens["refresh_token"]).json()["expires_in"] == 120
    assert web.refresh(tokens["refresh_token"], scope="products:read").json()["expires_in"] == seconds
    assert service.token("client_credentials", scope="products:read").json()["expires_in"] == seconds


def test_refresh_token_seconds(site: Site, person: Person, web: OAuthClient) -> None:
    site("refresh_token_seconds")
    person.tokens(web)
    [expires] = RefreshToken.objects.values_list("expires", flat=True)
    assert abs(expires - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    RefreshToken.objects.all().delete()
    Application.objects.update(verified=True)
    person.tokens(web)
    assert RefreshToken.objects.get().expires is None


def test_subject(site: Site, person: Person, sign_in: OAuthClient) -> None:
    site("subject")
    tokens = person.tokens(sign_in, scope="openid")
    subject = f"person-{person.user.pk}"
    assert userinfo(tokens["access_token"]).json()["sub"] == subject
    assert verified(tokens["id_token"], sign_in.client_id)["sub"] == subject
    hinted = person.visit(sign_in, scope="openid", id_token_hint=tokens["id_token"], prompt="none")
    assert "code" in answered(hinted)


def test_claims_and_their_names(site: Site, person: Person, sign_in: OAuthClient) -> None:
    User.objects.update(is_staff=True)
    site("claims")
    tokens = person.tokens(sign_in, scope="openid profile")
    assert userinfo(tokens["access_token"]).json()["groups"] == ["staff"]
    site("claims_supported")
    document = Client().get(DISCOVERY).json()
    assert "groups" in document["claims_supported"]


def test_email_verified(site: Site, person: Person, sign_in: OAuthClient) -> None:
    User.objects.update(email="luis@example.com")
    token = person.tokens(sign_in, scope="openid email")["access_token"]
    assert "email_verified" not in userinfo(token).json()
    site("email_verified")
    assert userinfo(token).json()["email_verified"] is True
    document = Client().get(DISCOVERY).json()
    assert "email_verified" in document["claims_supported"]


def test_brand_name(site: Site, person: Person, web: OAuthClient) -> None:
    site("brand_name")
    assert "Example Labs" in person.visit(web).content.decode()
    elsewhere = person.browser.get("/auth/v1/authorize/", web.request(), headers={"Host": "127.0.0.1"})
    assert "Example Labs" not in elsewhere.content.decode()


@pytest.mark.django_db(transaction=True)
def test_email_sender(site: Site, person: Person, web: OAuthClient) -> None:
    site("email_sender")
    User.objects.update(email="luis@example.com")
    person.consent(web)
    flush()
    assert [message.from_email for message in mail.outbox] == ["Example <security@example.com>"]


def test_owner_sees(site: Site, owner: User, web: OAuthClient) -> None:
    browser = Client()
    browser.force_login(owner)
    page = reverse("multinexo_oauth:application-activity", args=[web.client_id])
    Event.record(Event.Action.THROTTLED, application=web.application)
    assert b"autenticaciones" in browser.get(page).content
    site("owner_sees")
    assert b"autenticaciones" not in browser.get(page).content


def test_only_a_superuser_marks_an_application_as_the_sites_own(db: None, web: OAuthClient) -> None:
    page = reverse("admin:multinexo_oauth_application_change", args=[web.application.pk])
    staff = User.objects.create_user("jefa", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="multinexo_oauth"))
    browser = Client()
    browser.force_login(staff)
    assert 'name="skip_authorization"' not in browser.get(page).content.decode()
    browser.force_login(User.objects.create_superuser("raiz"))
    assert 'name="skip_authorization"' in browser.get(page).content.decode()
