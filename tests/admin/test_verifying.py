"""Staff vouches for what it has seen."""

import re

import pytest

from multinexo_oauth.models import Application, Event
from tests.conformance import proves

from .pages import act

pytestmark = [pytest.mark.django_db, proves("verified-as-seen")]


def digest_of(page):
    return re.search(r'name="seen" value="([^"]+)"', page.content.decode())[1]


def test_the_page_shows_all_that_is_vouched_for(staff, application, owner):
    Application.objects.update(
        homepage_url="https://shop.example/",
        support_email="help@shop.example",
        privacy_url="https://shop.example/privacy",
        description="Vende yerba.",
    )
    html = act(staff, "verify", application).content.decode()
    application.refresh_from_db()
    for shown in (
        application.name,
        application.client_id,
        application.redirect_uris,
        "https://shop.example/",
        "https://shop.example/privacy",
        "help@shop.example",
        "Vende yerba.",
        str(owner),
    ):
        assert shown in html


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Banco"},
        {"redirect_uris": "https://evil.example/callback"},
        {"homepage_url": "https://evil.example/"},
        {"logo": "logos/other.png"},
        {"support_email": "help@evil.example"},
        {"user": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_changed_since_is_shown_again_and_not_verified(staff, application, changes):
    seen = digest_of(act(staff, "verify", application))
    Application.objects.update(**changes)
    page = act(staff, "verify", application, confirmed="yes", seen=seen)
    assert page.status_code == 200
    assert not Application.objects.get().verified
    assert not Event.objects.exists()
    assert digest_of(page) != seen
    act(staff, "verify", application, confirmed="yes", seen=digest_of(page))
    assert Application.objects.get().verified


@pytest.mark.parametrize("seen", ["", "x"])
def test_nothing_is_verified_that_no_page_showed(staff, application, seen):
    act(staff, "verify", application, confirmed="yes", seen=seen)
    assert not Application.objects.get().verified


def test_one_of_several_that_changed_keeps_all_unverified(staff, register):
    first, second = register(), register(name="Otra")
    seen = digest_of(act(staff, "verify", first, second))
    Application.objects.filter(pk=second.pk).update(name="Banco")
    act(staff, "verify", first, second, confirmed="yes", seen=seen)
    assert not Application.objects.filter(verified=True).exists()


def test_the_number_of_applications_verified_at_once_is_limited(staff, register):
    many = [register(name=f"Tienda {number}") for number in range(21)]
    assert act(staff, "verify", *many).status_code == 302
    assert act(staff, "verify", *many[1:]).status_code == 200


def test_the_page_names_each_value_in_the_readers_language_and_each_address_on_its_own_line(
    staff, application
):
    Application.objects.update(redirect_uris="https://a.example/ https://b.example/")
    html = act(staff, "verify", application).content.decode()
    assert "<dt>URI de redirección</dt><dd>https://a.example/\nhttps://b.example/</dd>" in html
