"""docs/public-api.md lists every name that a site may import: documentation and example import nothing else."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.oauth import OAuthClient

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "public-api.md").read_text()
ROWS = re.findall(r"^\| `(multinexo_oauth[\w.]*)` \| (.*?) \|", PAGE, re.MULTILINE)
PUBLIC = {module: set(re.findall(r"`(\w+|\*)`", names)) for module, names in ROWS}
# What settings, URLs and pytest name by a path that is no import of a name.
PATHS = {"multinexo_oauth.urls", "multinexo_oauth.rest_framework.fixtures", "multinexo_oauth.security"}
DOCUMENTS = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
INTERNAL = {"ARCHITECTURE.md", "CONFORMANCE.md"}
FILES = [
    *(ROOT / "example_project").rglob("*.py"),
    *(path for path in DOCUMENTS if path.name not in INTERNAL),
]
IMPORT = re.compile(r"^from (multinexo_oauth[\w.]*) import (.+?)$", re.MULTILINE)
PATH = re.compile(r"[\"'`](multinexo_oauth(?:\.\w+)+)(?=[\"'`(])")


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Give the module and the name of everything of the app that a file imports or names by its path."""
    text = path.read_text()
    for module, names in IMPORT.findall(text):
        yield from ((module, name.partition(" as ")[0].strip()) for name in names.split("#")[0].split(","))
    for dotted in PATH.findall(text):
        module, _, name = dotted.rpartition(".")
        if module == "multinexo_oauth" and name in PUBLIC["multinexo_oauth.models"]:
            continue  # the label of a model
        if dotted not in {*PATHS, *PUBLIC} and not re.fullmatch(r"[EW]\d{3}|[a-z]+_application", name):
            yield module, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_and_example_import_public_names_alone(path: Path) -> None:
    private = {(module, name) for module, name in imported(path) if name not in PUBLIC.get(module, set())}
    # Attributes of a public class are public with it.
    assert not {(module, name) for module, name in private if module.rpartition(".")[0] not in PUBLIC}


@pytest.mark.parametrize("module", sorted(PUBLIC))
def test_every_public_name_is_there(module: str) -> None:
    found = import_module(module)
    assert not {name for name in PUBLIC[module] - {"*"} if not hasattr(found, name)}
    told = getattr(found, "__all__", None)
    if told is not None and "*" not in PUBLIC[module] and module != "multinexo_oauth.admin":
        assert set(told) == PUBLIC[module]


def test_a_form_of_a_sites_own_replaces_one(
    settings: Any, monkeypatch: pytest.MonkeyPatch, owner: User, web: OAuthClient
) -> None:
    module = ModuleType("urls_of_a_site")
    [example] = re.findall(r"^```python\n# mysite/urls.py\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    exec(f"from django.urls import include, path\n{example.replace('...,', '')}", vars(module))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.ROOT_URLCONF = module.__name__
    browser = Client()
    browser.force_login(owner)
    page = f"/auth/v1/mis-aplicaciones/{web.client_id}/"
    form = {"redirect_uris": web.redirect_uri}
    refused = browser.post(page, {**form, "name": "By Example"})
    assert b"Do not use our name in yours." in refused.content
    assert browser.post(page, {**form, "name": "Mine"}).status_code == 302
    web.application.refresh_from_db()
    assert web.application.name == "Mine"


def test_the_example_imports_what_python_reads() -> None:
    """The pattern above finds every import of the example that the parser finds."""
    for path in (ROOT / "example_project").rglob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        parsed = {
            (node.module, name.name)
            for node in nodes
            if node.module and node.module.startswith("multinexo_oauth")
            for name in node.names
        }
        assert parsed <= set(imported(path))
