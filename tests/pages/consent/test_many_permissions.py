"""Pages with hundreds of permissions: they fold by product, whose permissions are ticked or cleared at once."""

import re

import pytest

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Consent
from tests.conformance import proves
from tests.device import hidden, permissions_page, press, started
from tests.oauth import answered

pytestmark = proves("pages-many-permissions")
PRODUCTS = {name: [f"{name}:{number}" for number in range(20)] for name in ("area", "base", "casa")}
EVERY = [name for names in PRODUCTS.values() for name in names]
NEEDED = "base:3"


@pytest.fixture(autouse=True)
def catalogue(settings):
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {
        "SCOPES": {
            name: {"label": name, "product": product, "sensitive": name.endswith(":7")}
            for product, names in PRODUCTS.items()
            for name in names
        }
    }


@pytest.fixture
def client(web):
    web.application.scopes, web.application.required_scopes = " ".join(EVERY), NEEDED
    web.application.save()
    return web


def folds(page):
    """Return what stands in each product's fold, and whether it is open."""
    found = re.findall(r'<details class="fold"( open)?>(.*?)</details>', page.content.decode(), re.DOTALL)
    return [(bool(is_open), html) for is_open, html in found]


def ticked(page):
    boxes = re.findall(r'<input type="(?:checkbox|hidden)"[^>]*name="scopes"[^>]*>', page.content.decode())
    return {re.search(r'value="([^"]+)"', box)[1] for box in boxes if "checked" in box or "hidden" in box}


def tick(person, page, wish, scopes=None):
    """Press one of the buttons that tick or clear at once, as a browser without JavaScript sends it."""
    form = hidden(page) | {"tick": wish, "scopes": ticked(page) if scopes is None else scopes}
    return person.browser.post(page.wsgi_request.get_full_path(), form)


def test_the_products_fold_and_say_how_many_permissions_are_sensitive(person, client):
    page = person.visit(client, scope=" ".join(EVERY))
    assert [is_open for is_open, _html in folds(page)] == [False] * 3
    for _is_open, html in folds(page):
        assert "20 permisos" in html
        assert "1 sensible" in html
    assert ticked(page) == set(EVERY)


def test_a_few_permissions_do_not_fold(person, client):
    page = person.visit(client, scope=" ".join(EVERY[:15]))
    assert folds(page) == []
    assert 'name="tick"' not in page.content.decode()


def test_a_product_is_cleared_and_ticked_at_once(person, client):
    page = tick(person, person.visit(client, scope=" ".join(EVERY)), "none 3")
    assert page.status_code == 200
    assert ticked(page) == set(EVERY) - set(PRODUCTS["casa"])
    assert [is_open for is_open, _html in folds(page)] == [False, False, True]
    assert not Consent.objects.exists()
    page = tick(person, page, "none 1", scopes=["area:1", "base:2"])
    assert ticked(page) == {"base:2", NEEDED}
    page = tick(person, page, "all 3")
    assert ticked(page) == {"base:2", NEEDED, *PRODUCTS["casa"]}
    assert "code" in answered(person.decide(page, scopes=list(ticked(page))))
    assert set(Consent.objects.get().scope_names) == {"base:2", NEEDED, *PRODUCTS["casa"]}


def test_all_are_cleared_and_ticked_at_once_but_what_is_needed(person, client):
    page = tick(person, person.visit(client, scope=" ".join(EVERY)), "none ")
    assert ticked(page) == {NEEDED}
    assert ticked(tick(person, page, "all ")) == set(EVERY)


@pytest.mark.parametrize(
    "wish", ["", "all", "none 4", "none 0", "some 1", "none -1", f"none {'9' * 5000}", "\x00"]
)
def test_an_unknown_button_shows_the_page_again(person, client, wish):
    page = person.visit(client, scope=" ".join(EVERY))
    again = tick(person, page, wish, scopes=["area:1", "area:2", "other:1"])
    assert again.status_code == 200
    assert ticked(again) in ({"area:1", "area:2", NEEDED}, set(EVERY))
    assert not Consent.objects.exists()


def test_only_the_person_who_opened_the_page_changes_its_ticks(person, stranger, client):
    page = person.visit(client, scope=" ".join(EVERY))
    stolen = {"request": hidden(page)["request"], "tick": "none 1", "scopes": EVERY}
    own = hidden(stranger.visit(client, scope=" ".join(EVERY)))
    assert stranger.browser.post(page.wsgi_request.get_full_path(), own | stolen).status_code == 400


def test_what_was_withdrawn_meanwhile_is_asked_anew(person, client):
    Consent.record(person.user, client.application, PRODUCTS["area"])
    page = person.visit(client, scope=" ".join(EVERY))
    remove_consent(Consent.objects.get())
    assert tick(person, page, "none 1").status_code == 409


def test_so_does_a_devices_page(person, device):
    device.application.scopes = " ".join(EVERY)
    device.application.save()
    code = started(device, scope=" ".join(EVERY))["user_code"]
    page = permissions_page(person, code)
    assert [is_open for is_open, _html in folds(page)] == [False] * 3
    page = tick(person, page, "none 2")
    assert ticked(page) == set(EVERY) - set(PRODUCTS["base"])
    press(person.browser, page, "allow", scopes=list(ticked(page)))
    assert set(Consent.objects.get().scope_names) == set(EVERY) - set(PRODUCTS["base"])


def test_a_devices_page_in_which_something_changed_is_asked_anew(person, device):
    device.application.scopes = " ".join(EVERY)
    device.application.save()
    page = permissions_page(person, started(device, scope=" ".join(EVERY))["user_code"])
    device.application.scopes = " ".join(EVERY[1:])
    device.application.save()
    assert tick(person, page, "none 2").status_code == 409


def test_what_was_granted_folds_too(person, client, device):
    person.consent(client, scope=" ".join(EVERY))
    details = f"/auth/v1/aplicaciones-conectadas/{client.client_id}/"
    assert len(folds(person.browser.get(details))) == 3
    assert len(folds(person.browser.get(f"{details}permisos/"))) == 3
    assert len(folds(person.visit(client, scope=" ".join(EVERY), prompt="consent"))) == 3
    listed = person.browser.get("/auth/v1/aplicaciones-conectadas/").content.decode()
    assert listed.count("20 permisos") == 3
    assert "area:1" not in listed
