"""Numbers have the separators of the reader's language, and times are elements that programs read."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import AccessToken, Application, Consent
from tests.conformance import proves
from tests.oauth import OAuthClient, Person
from tests.responses import ClientResponse

MINE = "/auth/v1/mis-aplicaciones/"
CONNECTED = "/auth/v1/aplicaciones-conectadas/"
WRITTEN = {"es": "1\xa0234", "en": "1,234", "pt-br": "1.234"}


@pytest.fixture
def popular(web: OAuthClient) -> Application:
    """An application to which 1,234 people are connected, with a token each."""
    people = User.objects.bulk_create(User(username=f"persona{number}") for number in range(1234))
    Consent.objects.bulk_create(Consent(user=user, application=web.application) for user in people)
    AccessToken.objects.bulk_create(
        AccessToken(
            user=user,
            application=web.application,
            token_checksum=user.username,
            scope="products:read",
            expires=timezone.now() + timedelta(hours=1),
        )
        for user in people
    )
    return web.application


@pytest.fixture
def ana(owner: User) -> Client:
    owner.is_staff = owner.is_superuser = True
    owner.save()
    browser = Client()
    browser.force_login(owner)
    return browser


@proves("pages-numbers")
@pytest.mark.parametrize(("language", "written"), WRITTEN.items())
def test_how_many_people_are_connected(
    ana: Client, popular: Application, language: str, written: str
) -> None:
    ana.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    admin = f"/admin/multinexo_oauth/application/{popular.pk}"
    pages = {
        MINE: 1,
        f"{MINE}{popular.client_id}/": 2,
        f"{MINE}{popular.client_id}/eliminar/": 1,
        "/admin/multinexo_oauth/application/": 1,
        f"{admin}/change/": 1,
        f"{admin}/delete/": 2,
        "/admin/multinexo_oauth/consent/": 1,
    }
    for page, times in pages.items():
        html = ana.get(page).content.decode()
        assert html.count(written) >= times, page
        assert not re.search(r">[^<]*\b1234\b", html), page


@proves("pages-numbers")
def test_a_site_whose_templates_group_already_gets_the_same(
    ana: Client, popular: Application, settings: object
) -> None:
    settings.USE_THOUSAND_SEPARATOR = True  # type: ignore[attr-defined]
    for page in (MINE, "/admin/multinexo_oauth/application/", "/admin/multinexo_oauth/consent/"):
        assert WRITTEN["es"] in ana.get(page).content.decode()


def times(page: ClientResponse) -> list[datetime]:
    """Return the moments that a page tells, none of which stands outside an element of its own."""
    html = page.content.decode()
    found = re.findall(r'<time datetime="([^"]+)"(?: title="[^"]+")?>[^<]+</time>', html)
    assert not re.search(r"\d\d?(/| de \w+ de )\d", re.sub(r"<time.*?</time>|<[^>]+>", "", html))
    return [datetime.fromisoformat(written) for written in found]


@proves("pages-times")
@pytest.mark.parametrize("page", ["", "credenciales/", "actividad/"])
def test_an_owner_reads_when(ana: Client, web: OAuthClient, page: str) -> None:
    web.token("client_credentials")
    Application.objects.update(last_used_at=timezone.now(), suspended_at=timezone.now())
    web.application.secrets.update(expires_at=timezone.now(), last_used_at=timezone.now())
    ana.post(f"{MINE}{web.client_id}/", {"name": "Otra", "redirect_uris": web.redirect_uri})
    told = times(ana.get(f"{MINE}{web.client_id}/{page}"))
    assert told
    assert all(moment.utcoffset() is not None for moment in told)
    assert all(abs(timezone.now() - moment) < timedelta(minutes=5) for moment in told)


@proves("pages-times")
def test_a_person_reads_when(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    Consent.objects.update(last_used_at=timezone.now() - timedelta(days=3), updated_at=timezone.now())
    since, used = times(person.browser.get(CONNECTED))
    assert used < since
    assert len(times(person.browser.get(f"{CONNECTED}{web.client_id}/"))) >= 3
