"""A site dresses our pages in a base template of its own, which knows nothing of ours."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser.opening import MINE, as_person, request
from tests.browser.people import press
from tests.conformance import proves

BASE = "<!doctype html><title>{% block title %}{% endblock %}</title><body>{% block content %}{% endblock %}"


@pytest.fixture
def own_base(demo: str, settings: Settings, tmp_path: Path) -> str:
    base = tmp_path / "templates" / "multinexo_oauth" / "base.html"
    base.parent.mkdir(parents=True)
    base.write_text(BASE)
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [templates | {"DIRS": [tmp_path / "templates", *templates["DIRS"]]}]
    return demo


@proves("authorize-no-referrer")
def test_its_forms_are_taken(own_base: str, page: Page) -> None:
    as_person(page, own_base, "ana", f"{MINE}demo-web/")
    page.locator('[name="description"]').fill("Vende lo que usted carga.")
    press(page, "save")
    expect(page.locator('[name="description"]')).to_have_value("Vende lo que usted carga.")
    page.goto(own_base + request(own_base))
    press(page, "deny")
    page.wait_for_url("**/tienda/**")
