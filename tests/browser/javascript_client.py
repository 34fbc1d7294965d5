"""A JavaScript application that is served from an origin of its own."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests.browser.people import press, sign_in
from tests.oauth import PRODUCTS, register

SOURCE = Path(__file__).parent / "spa"


class JavaScriptClient:
    """The page of `spa/`, registered for its owner; another origin than its own may stand in the registration."""

    def __init__(self, site: str, owner: User, serve: Callable[[Path], str], folder: Path) -> None:
        shutil.copytree(SOURCE, folder)
        self.site = site
        self.owner = owner
        self.folder = folder
        self.origin = serve(folder)
        self.url = f"{self.origin}/index.html"

    def register(self, allowed_origins: str = "", scope: str = "products:read products:write") -> None:
        application = register(
            self.owner, "spa", redirect_uris=self.url, allowed_origins=allowed_origins or self.origin
        )
        config = {
            "client_id": application.client_id,
            "metadata": f"{self.site}/.well-known/oauth-authorization-server/auth/v1",
            "products": f"{self.site}{PRODUCTS}",
            "scope": scope,
        }
        (self.folder / "config.json").write_text(json.dumps(config))

    def connect(self, page: Page, decision: str = "allow") -> None:
        """Open the page, press its button, sign in as Luis and decide."""
        page.goto(self.url)
        page.locator("#connect").click()
        sign_in(page, "luis")
        press(page, decision)
        page.wait_for_url(self.url)


@pytest.fixture
def javascript_client(demo: str, other_origin: Callable[[Path], str], tmp_path: Path) -> JavaScriptClient:
    return JavaScriptClient(demo, User.objects.get(username="ana"), other_origin, tmp_path / "spa")
