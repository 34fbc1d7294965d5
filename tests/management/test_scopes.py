"""`manage.py scopes`: what there is to ask for, where it is asked for, and by whom."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.conformance import proves
from tests.oauth import register

pytestmark = proves("api-scope-list")


def told(**options):
    output = StringIO()
    call_command("scopes", stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def entries(web):
    return {entry["name"]: entry for entry in json.loads(told(format="json"))}


def test_a_scope_is_told_in_full(entries, web):
    entry = entries["products:write"]
    assert entry["label"] == "Crear, cambiar y eliminar sus productos"
    assert entry["product"] == "Productos"
    assert entry["sensitive"] is True
    assert entry["implies"] == ["products:read"]
    create = {
        "path": "/api/v1/products/",
        "method": "POST",
        "action": "create",
        "any_of": [["products:write"]],
    }
    assert create in entry["views"]
    assert entry["clients"] == [{"name": web.application.name, "client_id": web.client_id}]


def test_a_scope_that_nothing_asks_for_is_told_too(entries):
    assert entries["companies:read"]["views"] == []
    assert entries["companies:read"]["clients"] == []


def test_a_client_that_is_allowed_all_of_a_kind_is_among_them(owner):
    trusted = register(owner, "service", scopes="products:*")
    entries = {entry["name"]: entry for entry in json.loads(told(format="json"))}
    assert [client["client_id"] for client in entries["products:read"]["clients"]] == [trusted.client_id]


def test_a_scope_taken_out_of_the_catalogue_is_no_longer_told(web, settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SCOPES": {}}
    assert {entry["name"] for entry in json.loads(told(format="json"))} == {"products:read", "products:write"}


def test_people_read_it_in_columns(web):
    lines = told().splitlines()
    start = lines.index("products:read  Ver sus productos")
    assert lines[start + 1 : start + 5] == [
        "    product    Productos",
        "    views      GET    /api/v1/products/ (list): products:read",
        "               GET    /api/v1/products/<pk>/ (retrieve): products:read",
        f"    clients    {web.application.name} ({web.client_id})",
    ]
