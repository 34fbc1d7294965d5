"""What the headers of pages say: where pictures come from, where forms lead, whom a browser tells the address."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.conformance import proves
from tests.oauth import AUTHORIZE, OAuthClient, Person

PAGES = [
    "/auth/v1/aplicaciones-conectadas/",
    "/auth/v1/mis-aplicaciones/",
    "/auth/v1/mis-aplicaciones/unknown/",
    "/auth/v1/device/",
    "/auth/v1/cambiar-cuenta/",
    AUTHORIZE,
]


def pictures(policy: str) -> str:
    return next(part for part in policy.split("; ") if part.startswith("img-src "))


def forms(policy: str) -> str:
    return next(part for part in policy.split("; ") if part.startswith("form-action "))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("media_url", "allowed"),
    [
        ("/media/", "img-src 'self' data:"),
        ("media/", "img-src 'self' data:"),
        ("", "img-src 'self' data:"),
        ("https://media.example.com/logos/", "img-src 'self' data: https://media.example.com"),
        ("http://127.0.0.1:9000/bucket/", "img-src 'self' data: http://127.0.0.1:9000"),
        ("//cdn.example.com/", "img-src 'self' data: cdn.example.com"),
    ],
)
def test_logos_may_come_from_the_sites_media_host_alone(
    settings: Settings, media_url: str, allowed: str
) -> None:
    settings.MEDIA_URL = media_url
    answer = Client().get("/auth/v1/aplicaciones-conectadas/")
    assert pictures(answer["Content-Security-Policy"]) == allowed


@proves("authorize-no-referrer")
@pytest.mark.parametrize("page", PAGES)
def test_pages_send_referrer_policy_same_origin_whatever_the_site_sets(
    settings: Settings, person: Person, page: str
) -> None:
    settings.SECURE_REFERRER_POLICY = "no-referrer"
    answer = person.browser.get(page)
    assert answer["Referrer-Policy"] == "same-origin"
    assert 'name="referrer"' not in answer.content.decode()
    assert person.browser.post(page)["Referrer-Policy"] == "same-origin"  # by a form that is not the site's


@proves("authorize-no-referrer")
def test_a_form_for_an_application_tells_it_the_sites_origin(
    settings: Settings, person: Person, web: OAuthClient
) -> None:
    settings.SECURE_REFERRER_POLICY = "no-referrer"
    assert person.visit(web, response_mode="form_post", scope="?")["Referrer-Policy"] == "strict-origin"
    assert person.visit(web, scope="?")["Referrer-Policy"] == "same-origin"


@proves("authorize-form-action")
@pytest.mark.parametrize(
    ("login_url", "added"),
    [
        ("login", ""),
        ("/cuentas/entrar/?a=b", ""),
        ("admin:login", " https:"),
        ("/in/", " https:"),
        ("nowhere", " https:"),
        ("http://id.localhost:8080/in?a=b", " http://id.localhost:8080 https:"),
    ],
)
def test_forms_may_lead_by_way_of_a_page_to_sign_in_that_may_redirect_anywhere(
    settings: Settings, person: Person, login_url: str, added: str
) -> None:
    settings.LOGIN_URL = login_url
    for page in PAGES:
        policy = person.browser.get(page)["Content-Security-Policy"]
        assert forms(policy) == f"form-action 'self'{added}"
