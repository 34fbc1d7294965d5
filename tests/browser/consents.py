"""The states of the consent page."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test.utils import override_settings
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Application, Consent
from multinexo_oauth.scopes import catalogue
from tests.browser.opening import as_person, request
from tests.browser.people import press

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
    logo = Image.new("RGB", (64, 64), "#1b6b8f")
    ImageDraw.Draw(logo).polygon([(14, 26), (50, 26), (46, 50), (18, 50)], fill="#ffd27a")
    ImageDraw.Draw(logo).arc((22, 12, 42, 40), 180, 360, fill="#ffd27a", width=4)
    logo.save(picture, "PNG")
    # The tests' storage is in memory, and serves nothing.
    page.route("**/media/**", lambda route: route.fulfill(content_type="image/png", body=picture.getvalue()))
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
    every = " ".join(name for name in catalogue() if name != "openid")
    change(scopes=every, required_scopes="profile products:read")
    as_person(page, site, "luis", request(site, scope=every))


def two_hundred_scopes() -> dict[str, Any]:
    """Return the settings of a site with two hundred permissions under ten products."""
    products = ["Productos", "Documentos", "Cajas", "Clientes", "Proveedores"]
    products += ["Envíos", "Pagos", "Sucursales", "Informes", "Configuración"]
    scopes = {
        f"area{place}:permission{number}": {
            "label": f"Ver y cambiar los datos {number} de {product.lower()}",
            "description": "Lo que se guarda de ellos, desde cuándo, y quién lo cambió.",
            "product": product,
            "sensitive": number == 20,
        }
        for place, product in enumerate(products)
        for number in range(1, 21)
    }
    return {"MULTINEXO_OAUTH": settings.MULTINEXO_OAUTH | {"SCOPES": scopes}}


def two_hundred(page: Page, site: str) -> None:
    with override_settings(**two_hundred_scopes()):
        every = " ".join(catalogue())
        change(scopes=every, required_scopes="area0:permission1")
        as_person(page, site, "luis", "/tienda/")
        page.goto(site + request(site, scope=every))


def long_names(page: Page, site: str) -> None:
    User.objects.filter(username="luis").update(email=f"{'una.direccion.muy.larga.' * 4}@example.com")
    User.objects.filter(username="ana").update(first_name=LONG_WORD, last_name=LONG_NAME)
    back = f"https://{'comprobantes-y-existencias.' * 4}example.com/volver"
    change(name=LONG_NAME, description=f"{LONG_WORD} {LONG_NAME}", support_email=f"{LONG_WORD}@example.com")
    change(redirect_uris=back)
    as_person(page, site, "luis", request(site, redirect_uri=back))


def only_what_is_new(page: Page, site: str) -> None:
    given(page, site, "products:read")
    page.locator("summary").click()


def one_more(page: Page, site: str) -> None:
    given(page, site, "products:read", scope="products:read products:write")


def asked_again(page: Page, site: str) -> None:
    given(page, site, "products:read products:write documents:read", prompt="consent")


def given(page: Page, site: str, granted: str, **changes: str) -> None:
    """Open the page for a person who has granted that before."""
    shop = Application.objects.get(client_id="demo-web")
    Consent.record(User.objects.get(username="luis"), shop, granted.split())
    as_person(page, site, "luis", request(site, **changes))


def withdrawn_meanwhile(page: Page, site: str) -> None:
    """Press the button of a page that shows as authorized what was withdrawn since."""
    one_more(page, site)
    remove_consent(Consent.objects.get(user__username="luis"))
    press(page, "allow")
    page.locator('[role="alert"]').wait_for()


def who_you_are(page: Page, site: str) -> None:
    as_person(page, site, "luis", request(site, scope="openid profile email"))


def nothing_ticked(page: Page, site: str) -> None:
    consent(page, site)
    for box in page.locator('[name="scopes"]').all():
        box.uncheck()
    press(page, "allow")
    page.locator('form [role="alert"]').wait_for()


def of_a_stranger(page: Page, site: str, **registration: Any) -> None:
    """Open the request of an application that registered itself, on a site that lets it."""
    application, _created = Application.objects.get_or_create(
        client_id=registration.pop("client_id"),
        defaults={"kind": "spa", "name": "Asistente de ventas", "scopes": "products:read products:write"}
        | registration,
    )
    asked = request(
        site,
        client_id=application.client_id,
        redirect_uri=application.redirect_uris,
        scope="products:read products:write",
    )
    with override_settings(MULTINEXO_OAUTH=settings.MULTINEXO_OAUTH | {"CLIENT_ID_METADATA_DOCUMENTS": True}):
        as_person(page, site, "luis", asked)


def registered_itself(page: Page, site: str) -> None:
    of_a_stranger(
        page,
        site,
        client_id="dynamic",
        registration_source="dcr",
        redirect_uris="https://asistente.example/volver",
    )


def registered_itself_on_this_device(page: Page, site: str) -> None:
    of_a_stranger(
        page,
        site,
        client_id="dynamic-native",
        registration_source="dcr",
        kind="native",
        redirect_uris="http://localhost:3030/callback",
    )


def sign_in_again(page: Page, site: str) -> None:
    """Come back without a new login to a request that wants one."""
    as_person(page, site, "luis", "/tienda/")
    page.goto(site + request(site, prompt="login"))
    page.goto(site + parse_qs(urlsplit(page.url).query)["next"][0])


def refused(page: Page, site: str) -> None:
    """Open a request that is refused, of an application that nobody verified."""
    registered_itself(page, site)
    page.goto(
        site
        + request(site, client_id="dynamic", redirect_uri="https://asistente.example/volver", prompt="none")
    )


def by_document(page: Page, site: str) -> None:
    of_a_stranger(
        page,
        site,
        client_id="https://asistente.example/oauth/client.json",
        registration_source="cimd",
        redirect_uris="https://otro.example/volver",
        cimd_expires_at=datetime.now(UTC) + timedelta(hours=1),
        homepage_url="https://asistente.example/",
    )


def in_english(page: Page, site: str) -> None:
    as_person(page, site, "luis", request(site, ui_locales="en"))
