"""An application on npm's oidc-client-ts, whose pages are served from an origin of their own."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page
from pytest_django import Settings

from tests.browser.people import press, sign_in
from tests.oauth import PRODUCTS, register
from tests.requirements import NODE, node_has, require

SOURCE = Path(__file__).parent / "oidc"
LIBRARY = NODE / "node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"
# The library renews a token a minute before its end.
END_SOON_SECONDS = 62
SCOPES = "openid profile email products:write"


class OIDCClient:
    """The page of `oidc/`, registered for its owner, in a browser."""

    def __init__(self, page: Page, site: str, origin: str) -> None:
        self.page = page
        self.site = site
        self.origin = origin
        self.url = f"{origin}/index.html"

    def settings(self, owner: User) -> str:
        application = register(
            owner,
            "spa",
            redirect_uris=self.url,
            post_logout_redirect_uris=self.url,
            allowed_origins=self.origin,
            scopes=SCOPES,
        )
        settings = {
            "authority": f"{self.site}/auth/v1",
            "client_id": application.client_id,
            "scope": SCOPES,
            "products": f"{self.site}{PRODUCTS}",
        }
        return json.dumps(settings)

    def open(self, query: str = "") -> None:
        self.page.goto(self.url + query)
        self.page.locator("[data-ready]").wait_for()

    def ask(self) -> None:
        """Open the page, press its button and sign in at the site as Luis."""
        self.open()
        self.page.locator("#sign-in").click()
        sign_in(self.page, "luis")

    def receive(self, decision: str = "allow") -> None:
        press(self.page, decision)
        self.page.wait_for_url(self.url)
        self.page.locator("[data-ready]").wait_for()


@pytest.fixture
def tokens_that_end_soon(settings: Settings) -> None:
    changed = {"ACCESS_TOKEN_EXPIRE_SECONDS": END_SOON_SECONDS}
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | changed


@pytest.fixture
def oidc_client(demo: str, other_origin: Callable[[Path], str], page: Page, tmp_path: Path) -> OIDCClient:
    require(node_has("oidc-client-ts"), "Node or oidc-client-ts is not installed")
    folder = tmp_path / "oidc"
    shutil.copytree(SOURCE, folder)
    shutil.copy(LIBRARY, folder)
    client = OIDCClient(page, demo, other_origin(folder))
    (folder / "config.json").write_text(client.settings(User.objects.get(username="ana")))
    return client
