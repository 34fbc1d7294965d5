"""The states of the pages of Mis Aplicaciones that take some doing."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test.utils import override_settings
from PIL import Image
from playwright.sync_api import Page

from multinexo_oauth.models import Application, ClientSecret, Consent, Event, Kind
from multinexo_oauth.origin import Origin
from multinexo_oauth.server.grants.local_token import create_token
from tests.browser.connections import FIREFOX
from tests.browser.consents import LONG_NAME, LONG_WORD, change
from tests.browser.opening import MINE, Open, as_person, opens
from tests.browser.people import press

SHOP = f"{MINE}demo-web/"
LONG_ADDRESS = "2001:db8:85a3::8a2e:370:7334"


def register(page: Page, site: str, kind: str, redirect_uri: str = "") -> None:
    as_person(page, site, "ana", f"{MINE}nueva/{kind}/")
    page.locator('[name="name"]').fill("Catálogo en línea")
    if redirect_uri:
        page.locator('[name="redirect_uris"]').fill(redirect_uri)
    page.locator('[name="scopes"][value="products:read"]').check()
    press(page, "create-application")
    page.locator("#client-id").wait_for()


def secret(page: Page, site: str) -> None:
    register(page, site, "web", "https://catalogo.example/volver")


def without_a_secret(page: Page, site: str) -> None:
    register(page, site, "device")


def create_with_problems(page: Page, site: str) -> None:
    as_person(page, site, "ana", f"{MINE}nueva/web/")
    page.locator('[name="redirect_uris"]').fill("http://not-a-good-address.example/callback#fragment")
    press(page, "create-application")
    page.locator(".field__error").first.wait_for()


def many(page: Page, site: str) -> None:
    """List more applications than a page takes, of every state, the longest names among them."""
    ana = User.objects.get(username="ana")
    for number in range(18):
        Application.objects.create(user=ana, kind=Kind.DEVICE, name=f"Balanza del depósito {number}")
    Application.objects.create(user=ana, kind=Kind.SPA, name=LONG_WORD, verified=True)
    Application.objects.create(user=ana, kind=Kind.NATIVE, name=LONG_NAME, suspended_at=datetime.now(UTC))
    as_person(page, site, "ana", MINE)


def none_and_none_to_come(page: Page, site: str) -> None:
    with override_settings(MULTINEXO_OAUTH=settings.MULTINEXO_OAUTH | {"REGISTRATION": "staff"}):
        as_person(page, site, "luis", MINE)


def verified(page: Page, site: str) -> None:
    change(verified=True, name=LONG_NAME)
    as_person(page, site, "ana", SHOP)


def suspended(page: Page, site: str) -> None:
    change(suspended_at=datetime.now(UTC))
    as_person(page, site, "ana", SHOP)


def detail_with_problems(page: Page, site: str) -> None:
    as_person(page, site, "ana", SHOP)
    page.locator('[name="name"]').fill("")
    page.locator('[name="homepage_url"]').fill("no es una dirección")
    press(page, "save")
    page.locator(".field__error").first.wait_for()


def two_secrets(page: Page, site: str) -> None:
    shop = Application.objects.get(client_id="demo-web")
    issued, _value = ClientSecret.issue(shop, "Servidor de respaldo de la sucursal de Rosario")
    now = datetime.now(UTC)
    ClientSecret.objects.filter(pk=issued.pk).update(last_used_at=now, expires_at=now + timedelta(days=30))
    as_person(page, site, "ana", f"{SHOP}credenciales/")


def revoke_a_secret(page: Page, site: str) -> None:
    two_secrets(page, site)
    page.locator("table a.button").first.click()


def no_live_secret(page: Page, site: str) -> None:
    ClientSecret.objects.filter(application__client_id="demo-web").update(revoked_at=datetime.now(UTC))
    as_person(page, site, "ana", f"{SHOP}credenciales/")


def another_secret(page: Page, site: str) -> None:
    as_person(page, site, "ana", f"{SHOP}credenciales/")
    page.locator('[name="days"]').select_option("90")
    press(page, "generate")
    page.locator("#client-secret").wait_for()


def secret_refused(page: Page, site: str) -> None:
    """Ask for a secret with a name that is longer than the page lets anybody type."""
    as_person(page, site, "ana", f"{SHOP}credenciales/")
    label = page.locator('[name="label"]')
    label.evaluate("field => field.removeAttribute('maxlength')")
    label.fill("x" * 200)
    press(page, "generate")
    page.locator(".field__error").wait_for()


def by_wildcards(page: Page, site: str) -> None:
    """Open the permissions of an application that staff allows a whole family of them."""
    change(scopes="products:* documents:read", required_scopes="products:read")
    as_person(page, site, "ana", f"{SHOP}permisos/")
    page.locator("summary").click()


def saved(page: Page, site: str) -> None:
    as_person(page, site, "ana", f"{SHOP}permisos/")
    press(page, "save")
    page.locator(".messages").wait_for()


def needs_attention(page: Page, site: str) -> None:
    """Open the permissions of an application that asks for one that is not offered any more, and has a bad address."""
    change(
        scopes="products:read products:write reports:read",
        redirect_uris="https://tienda.example/volver http://tienda.example/volver",
    )
    as_person(page, site, "ana", f"{SHOP}permisos/")


def take_permissions(page: Page, site: str) -> None:
    """Take the permission that another one includes, which a person granted."""
    shop = Application.objects.get(client_id="demo-web")
    luis = User.objects.get(username="luis")
    Consent.record(luis, shop, ["products:read", "products:write"])
    create_token(luis, ["products:read", "products:write"], shop)
    as_person(page, site, "ana", f"{SHOP}permisos/")
    page.locator('[name="scopes"][value="products:read"]').uncheck()
    press(page, "save")
    page.locator('[data-action="confirm"]').wait_for()


def permissions_ended(page: Page, site: str) -> None:
    take_permissions(page, site)
    press(page, "confirm")
    page.locator('[data-action="save"]').wait_for()


def with_a_logo(page: Page, site: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "#1b6b8f").save(picture, "PNG")
    # The tests' storage is in memory, and serves nothing.
    page.route("**/media/**", lambda route: route.fulfill(content_type="image/png", body=picture.getvalue()))
    Application.objects.get(client_id="demo-web").logo.save("shop.png", ContentFile(picture.getvalue()))
    as_person(page, site, "ana", f"{SHOP}marca/")


def not_a_logo(page: Page, site: str) -> None:
    as_person(page, site, "ana", f"{SHOP}marca/")
    upload = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    page.locator('[type="file"]').set_input_files(upload)  # type: ignore[arg-type]
    press(page, "save")
    page.locator(".field__error").first.wait_for()


def much_happened(topic: str) -> Open:
    """Return how to open a filter of the activity with events of every action, more than a page takes."""

    def opened(page: Page, site: str) -> None:
        shop = Application.objects.get(client_id="demo-web")
        ana, luis = (User.objects.get(username=name) for name in ("ana", "luis"))
        jefa = User.objects.create_user("jefa", is_staff=True)
        about: dict[str, Any] = {"scopes": ["products:read", "products:write"]}
        changed: dict[str, Any] = {"fields": ["redirect_uris", "support_email", "scopes"]}
        for action in list(Event.Action) * 5:
            acts = [(luis, about), (ana, about)] if action in Event.BETWEEN else [(ana, changed), (jefa, {})]
            for actor, detail in acts:
                Event.record(action, application=shop, origin=Origin(actor, LONG_ADDRESS, FIREFOX), **detail)
        Event.record(Event.Action.THROTTLED, application=shop, origin=Origin(ip=LONG_ADDRESS))
        as_person(page, site, "ana", f"{SHOP}actividad/?filter={topic}")

    return opened


def strangers_alone(page: Page, site: str) -> None:
    """Show what people did, none of whom is the owner."""
    shop, luis = Application.objects.get(client_id="demo-web"), User.objects.get(username="luis")
    for _ in range(3):
        Event.record("consent_given", application=shop, origin=Origin(luis), scopes=["products:read"])
    as_person(page, site, "ana", f"{SHOP}actividad/?filter=people")


def nothing_happened(topic: str) -> Open:
    def opened(page: Page, site: str) -> None:
        Event.objects.all().delete()
        as_person(page, site, "ana", f"{SHOP}actividad/?filter={topic}")

    return opened


def wrong_name(page: Page, site: str) -> None:
    """Confirm a deletion by another name than the application's."""
    as_person(page, site, "ana", f"{SHOP}eliminar/")
    page.locator('main [type="text"]').fill("Otra")
    press(page, "confirm")
    page.locator(".field__error").wait_for()


def deleted(page: Page, site: str) -> None:
    as_person(page, site, "ana", f"{SHOP}eliminar/")
    page.locator('main [type="text"]').fill("Tienda de demostración")
    press(page, "confirm")
    page.locator(".messages").wait_for()


OTHER_KINDS = ("spa", "native", "device", "service")
OWN: dict[str, Open] = {
    "empty list": opens(MINE, "luis"),
    "empty list, registration closed": none_and_none_to_come,
    "list, many": many,
    "list, none found": opens(f"{MINE}?q=nada", "ana"),
    "kinds": opens(f"{MINE}nueva/", "ana"),
    **{f"create, {kind}": opens(f"{MINE}nueva/{kind}/", "ana") for kind in OTHER_KINDS},
    "create, with problems": create_with_problems,
    "created without a secret": without_a_secret,
    **{f"detail, {kind}": opens(f"{MINE}demo-{kind}/", "ana") for kind in OTHER_KINDS},
    "detail, verified": verified,
    "detail, suspended": suspended,
    "detail, with problems": detail_with_problems,
    "credentials": opens(f"{SHOP}credenciales/", "ana"),
    "credentials, without a secret": opens(f"{MINE}demo-spa/credenciales/", "ana"),
    "credentials, two secrets": two_secrets,
    "credentials, revoke a secret": revoke_a_secret,
    "credentials, no live secret": no_live_secret,
    "another secret": another_secret,
    "another secret, refused": secret_refused,
    "permissions": opens(f"{SHOP}permisos/", "ana"),
    "permissions, service": opens(f"{MINE}demo-service/permisos/", "ana"),
    "permissions, by wildcards": by_wildcards,
    "permissions, saved": saved,
    "permissions, need attention": needs_attention,
    "permissions, taken": take_permissions,
    "permissions, ended": permissions_ended,
    "brand": opens(f"{SHOP}marca/", "ana"),
    "brand, with a logo": with_a_logo,
    "brand, with problems": not_a_logo,
    "activity": opens(f"{SHOP}actividad/", "ana"),
    "activity, much": much_happened("changes"),
    "activity, of people": much_happened("people"),
    "activity, of strangers": strangers_alone,
    "activity, nothing": nothing_happened("changes"),
    "activity, nobody": nothing_happened("people"),
    "activity, service": opens(f"{MINE}demo-service/actividad/", "ana"),
    "delete": opens(f"{SHOP}eliminar/", "ana"),
    "delete, wrong name": wrong_name,
    "delete, done": deleted,
}
