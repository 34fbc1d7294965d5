"""The states of the consent page."""

import io
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import Page

from example_project.scopes import SCOPES
from multinexo_oauth.models import Application, Consent
from tests.browser.opening import as_person, request
from tests.browser.people import press

EVERY = " ".join(name for name in SCOPES if name != "openid")
LONG_NAME = "Sincronizadora de comprobantes y existencias para distribuidoras de la región"
LONG_WORD = "Superhiperultrasincronizadorautomáticodecomprobantesfiscaleselectrónicos"


def change(client_id: str = "demo-web", **fields: Any) -> None:
    Application.objects.filter(client_id=client_id).update(**fields)


def consent(page: Page, site: str) -> None:
    as_person(page, site, "luis", request(site))


def on_this_device(page: Page, site: str) -> None:
    to_device = {"client_id": "demo-native", "redirect_uri": "http://127.0.0.1:4321/callback"}
    as_person(page, site, "luis", request(site, scope="products:read", **to_device))


def of_a_private_scheme(page: Page, site: str) -> None:
    to_device = {"client_id": "demo-native", "redirect_uri": "com.example.mostrador:/oauth2redirect"}
    as_person(page, site, "luis", request(site, scope="cashier:write", **to_device))


def verified(page: Page, site: str) -> None:
    """Open that of an application that staff verified, with everything that a careful developer fills in."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "#1b6b8f").save(picture, "PNG")
    shop = Application.objects.get(client_id="demo-web")
    shop.logo.save("shop.png", ContentFile(picture.getvalue()), save=False)
    shop.verified = True
    shop.redirect_uris = "https://tienda.example.com/volver"
    shop.homepage_url = "https://tienda.example.com/"
    shop.privacy_url = "https://tienda.example.com/privacidad"
    shop.terms_url = "https://tienda.example.com/terminos"
    shop.save()
    as_person(page, site, "luis", request(site, redirect_uri="https://tienda.example.com/volver"))


def many_permissions(page: Page, site: str) -> None:
    change(scopes=EVERY, required_scopes="profile products:read")
    as_person(page, site, "luis", request(site, scope=EVERY))


def long_names(page: Page, site: str) -> None:
    User.objects.filter(username="luis").update(email=f"{'una.direccion.muy.larga.' * 4}@example.com")
    User.objects.filter(username="ana").update(first_name=LONG_WORD, last_name=LONG_NAME)
    change(name=LONG_NAME, description=f"{LONG_WORD} {LONG_NAME}", support_email=f"{LONG_WORD}@example.com")
    as_person(page, site, "luis", request(site))


def only_what_is_new(page: Page, site: str) -> None:
    given(page, site, "products:read")
    page.locator("summary").click()


def asked_again(page: Page, site: str) -> None:
    given(page, site, "products:read products:write documents:read", prompt="consent")


def given(page: Page, site: str, scope: str, **changes: str) -> None:
    """Open the page for a person who has granted that before."""
    shop = Application.objects.get(client_id="demo-web")
    Consent.record(User.objects.get(username="luis"), shop, scope.split())
    as_person(page, site, "luis", request(site, **changes))


def nothing_ticked(page: Page, site: str) -> None:
    consent(page, site)
    for box in page.locator('[name="scopes"]').all():
        box.uncheck()
    press(page, "allow")
    page.locator(".field__error").wait_for()


def in_english(page: Page, site: str) -> None:
    as_person(page, site, "luis", request(site, ui_locales="en"))
