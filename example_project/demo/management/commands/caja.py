"""A cash register: a device without a browser, which a person lets in by a code from another one (RFC 8628)."""

import io
import time
from argparse import ArgumentParser
from typing import Any

import requests
import segno
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
TIMEOUT_SECONDS = 10
SLOW_DOWN_SECONDS = 5


class Command(BaseCommand):
    help = "Be a cash register: show a code and its QR, wait to be let in, and list the products."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="Where the site is opened.")

    def handle(self, *args: Any, base_url: str, **options: Any) -> None:
        with requests.Session() as http:
            # The server is on this machine: no proxy of the environment stands between.
            http.trust_env = False
            http.headers["User-Agent"] = "Caja/1.0"
            try:
                self.sell(Site(http, base_url.rstrip("/")))
            except requests.RequestException as error:
                raise CommandError(
                    _("%s does not answer. Is the demonstration running?") % base_url
                ) from error

    def sell(self, site: "Site") -> None:
        codes = site.begin()
        self.tell(
            qr(codes["verification_uri_complete"]),
            _("Scan it, or open %s and enter:") % codes["verification_uri"],
            "",
            f"    {codes['user_code']}",
            "",
        )
        products = site.products(site.wait(codes))
        self.tell(_("Connected. Products: %s") % (", ".join(product["name"] for product in products) or "–"))

    def tell(self, *lines: str) -> None:
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def qr(text: str) -> str:
    """Return the rows of a QR code; written one by one, the command's output would put a line between them."""
    rows = io.StringIO()
    segno.make(text).terminal(out=rows, compact=True)
    return rows.getvalue().rstrip("\n")


class Site:
    """Multinexo, as a device calls it."""

    def __init__(self, http: requests.Session, url: str) -> None:
        self.http = http
        self.url = url

    def begin(self) -> dict[str, Any]:
        answer = self._post("device-authorization", scope="products:read cashier:read cashier:write")
        answer.raise_for_status()
        codes: dict[str, Any] = answer.json()
        return codes

    def wait(self, codes: dict[str, Any]) -> str:
        """Ask, no faster than told, until a person has decided; return the access token."""
        interval = codes["interval"]
        while True:
            time.sleep(interval)
            answer = self._post("token", grant_type=GRANT_TYPE, device_code=codes["device_code"]).json()
            match answer.get("error"):
                case None:
                    return str(answer["access_token"])
                case "authorization_pending":
                    continue
                case "slow_down":
                    interval += SLOW_DOWN_SECONDS
                case "access_denied":
                    raise CommandError(_("You did not let the cash register in."))
                case _other:
                    raise CommandError(_("The code is no longer valid. Start again."))

    def products(self, token: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.http.get(f"{self.url}/api/v1/products/", headers=headers, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        products: list[dict[str, Any]] = answer.json()
        return products

    def _post(self, endpoint: str, **form: str) -> requests.Response:
        form["client_id"] = "demo-device"
        return self.http.post(f"{self.url}/auth/v1/{endpoint}/", form, timeout=TIMEOUT_SECONDS)
