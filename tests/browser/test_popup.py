"""A page on another origin opens the sign-in in a popup, whose callback tells it the answer by `window.opener`."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.people import press, sign_in
from tests.conformance import proves
from tests.oauth import AUTHORIZE, register

SOURCE = Path(__file__).parent / "popup"


@pytest.fixture
def popup_client(demo: str, other_origin: Callable[[Path], str], tmp_path: Path) -> str:
    """The address of a client's page whose button opens the authorization endpoint."""
    folder = tmp_path / "popup"
    shutil.copytree(SOURCE, folder)
    origin = other_origin(folder)
    owner = User.objects.get(username="ana")
    client = register(owner, "spa", redirect_uris=f"{origin}/callback.html", allowed_origins=origin)
    (folder / "config.json").write_text(
        json.dumps({"address": f"{demo}{AUTHORIZE}?{urlencode(client.request())}"})
    )
    return f"{origin}/index.html"


@proves("pages-opener")
def test_a_popup_that_signs_in_and_consents_tells_the_page_that_opened_it(
    popup_client: str, page: Page
) -> None:
    page.goto(popup_client)
    with page.expect_popup() as opened:
        page.locator("#connect").click()
    popup = opened.value
    sign_in(popup, "luis")
    press(popup, "allow")
    expect(page.locator("#answer")).to_have_text("code")
