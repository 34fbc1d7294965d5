"""The documents name everything that a site may set, override or be told."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from django.dispatch import Signal
from oauth2_provider import settings as provider

from multinexo_oauth import checks, defaults, signals
from multinexo_oauth.conf import THROTTLES, Conf
from tests import code_tables, settings_table

ROOT = Path(__file__).parent.parent
PACKAGE = Path(defaults.__file__).parent
CHECKS = "".join(file.read_text() for file in Path(checks.__file__).parent.glob("*.py"))
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
COMPARISON = (ROOT / "docs" / "comparison.md").read_text()
REBRAND = (ROOT / "docs" / "rebrand.md").read_text()
BRAND_CSS = (PACKAGE / "static" / "multinexo_oauth" / "css" / "brand.css").read_text()
BASE_HTML = (PACKAGE / "templates" / "multinexo_oauth" / "base.html").read_text()


def test_the_table_of_settings_is_that_of_the_code() -> None:
    assert settings_table.table() in SETTINGS, "Run python -m tests.settings_table."


def test_signals_checks_and_commands_are_documented_as_in_the_code() -> None:
    stale = [path.name for path, text in code_tables.documents() if path.read_text() != text]
    assert not stale, "Run python -m tests.code_tables."


@pytest.mark.parametrize(("name", "rate"), THROTTLES.items())
def test_every_throttle_is_described(name: str, rate: str) -> None:
    assert f'| `{name}` | `"{rate}"` |' in SETTINGS


@pytest.mark.parametrize("name", sorted(checks.scopes.SCOPE_KEYS))
def test_every_key_of_a_scope_is_described(name: str) -> None:
    assert f"| `{name}` |" in SETTINGS


@pytest.mark.parametrize("name", [name for name, value in vars(signals).items() if isinstance(value, Signal)])
def test_every_signal_is_described(name: str) -> None:
    assert f"| `{name}` |" in SETTINGS


CHECKED = {f"multinexo_oauth.{setting.check}" for setting in Conf.table().values()}
IDENTIFIERS = CHECKED.union(re.findall(r"multinexo_oauth\.[EW]\d{3}", CHECKS))


@pytest.mark.parametrize("identifier", sorted(IDENTIFIERS))
def test_every_check_has_its_way_out(identifier: str) -> None:
    assert f"| `{identifier}` |" in SETTINGS


@pytest.mark.parametrize("name", sorted(checks.installation.PROVIDER_RULES))
def test_every_value_that_must_stay_is_named(name: str) -> None:
    assert f"`{name}`" in SETTINGS
    assert name in defaults.OAUTH2_PROVIDER


@pytest.mark.parametrize("name", sorted(set(re.findall(r"^\s*(--[a-z-]+):", BRAND_CSS, re.MULTILINE))))
def test_every_custom_property_is_described(name: str) -> None:
    assert f"`{name}`" in REBRAND


@pytest.mark.parametrize("name", re.findall(r"{% block (\w+) %}", BASE_HTML))
def test_every_block_is_described(name: str) -> None:
    assert f"| `{name}` |" in REBRAND


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMPLIANT_BCP_RFC9700_PKCE_METHOD", False),
        ("COMPLIANT_BCP_RFC9700_TOKEN_STORAGE", False),
        ("PKCE_REQUIRED", True),
        ("REFRESH_TOKEN_REUSE_PROTECTION", False),
        ("REQUEST_APPROVAL_PROMPT", "force"),
    ],
)
def test_the_comparison_is_right_about_the_defaults_of_django_oauth_toolkit(name: str, value: object) -> None:
    assert provider.DEFAULTS[name] == value
    assert version("django-oauth-toolkit").startswith("3.4.")
    assert "django-oauth-toolkit 3.4 as installed" in COMPARISON


GALLERY = (ROOT / "docs" / "gallery.md").read_text()
PICTURES = ROOT / "docs" / "images" / "gallery"


def test_the_gallery_shows_every_picture_that_is_there() -> None:
    shown = {ROOT / "docs" / path for path in re.findall(r"!\[[^]]+\]\(([^)]+)\)", GALLERY)}
    assert shown == set(PICTURES.rglob("*.png"))


def test_the_gallerys_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.rglob("*.png")) < 2_500_000
