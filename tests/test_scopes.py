"""Scopes are declared once: in the settings, or in the app that they belong to."""

import pytest
from django.core import checks
from django.test import modify_settings

from example_project.products import oauth_scopes
from multinexo_oauth.scopes import catalogue, concrete, wildcards
from tests.conformance import proves

pytestmark = [proves("api-scopes-by-app"), pytest.mark.django_db]


def problems():
    return [message.msg for message in checks.run_checks() if message.id == "multinexo_oauth.E003"]


def test_an_app_declares_its_own_scopes():
    assert catalogue()["products:write"].label == oauth_scopes.SCOPES["products:write"]["label"]
    assert catalogue()["products:write"].implies == {"products:read"}


def test_the_settings_come_first_then_the_apps(settings):
    assert list(catalogue()) == [*settings.MULTINEXO_OAUTH["SCOPES"], *oauth_scopes.SCOPES]


def test_an_app_that_is_not_installed_declares_nothing():
    with modify_settings(INSTALLED_APPS={"remove": ["example_project.products"]}):
        assert "products:read" not in catalogue()
    assert "products:read" in catalogue()


def test_an_app_may_imply_what_the_settings_declare_and_the_other_way_round(settings, monkeypatch):
    settings.MULTINEXO_OAUTH = {"SCOPES": {"all": {"label": "Everything", "implies": ["products:write"]}}}
    scope = {"label": "Export", "implies": ["all"]}
    monkeypatch.setitem(oauth_scopes.SCOPES, "products:export", scope)
    assert problems() == []


def test_a_scope_that_is_declared_twice_is_told_with_both_places(settings):
    twice = {"products:read": {"label": "Other words"}}
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SCOPES": twice}
    (problem,) = problems()
    assert problem.startswith("example_project.products.oauth_scopes.SCOPES['products:read']")
    assert "MULTINEXO_OAUTH['SCOPES']" in problem
    assert catalogue()["products:read"].label == "Other words"


@pytest.mark.parametrize(
    ("name", "entry", "words"),
    [
        ("products:new", {}, "no label"),
        ("products:new", {"label": "x", "implies": ["unknown"]}, "unknown"),
        ("with space", {"label": "x"}, "no scope name"),
        ("products:*", {"label": "x"}, "every scope that begins like it"),
    ],
)
def test_an_app_that_declares_wrongly_is_named(monkeypatch, name, entry, words):
    monkeypatch.setitem(oauth_scopes.SCOPES, name, entry)
    (problem,) = problems()
    assert problem.startswith(f"example_project.products.oauth_scopes.SCOPES[{name!r}]")
    assert words in problem


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["products:*"], ["products:read", "products:write"]),
        (["products:write", "products:*"], ["products:write", "products:read"]),
        (["products:read", "email"], ["products:read", "email"]),
        (["product:*"], ["product:*"]),
        (["*"], ["*"]),
        (["products*"], ["products*"]),
        (["products:r*"], ["products:r*"]),
    ],
)
@proves("api-wildcards")
def test_what_a_wildcard_stands_for(names, found):
    assert concrete(names) == found


def test_there_is_a_wildcard_for_each_beginning():
    assert "products:*" in wildcards()
    assert len(wildcards()) == len({name.split(":")[0] for name in catalogue() if ":" in name})
