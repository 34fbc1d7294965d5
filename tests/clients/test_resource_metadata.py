"""Clients that compare the resource of the metadata with the address that they called, and refuse another."""

import re
import subprocess
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.clients.conftest import Site
from tests.conformance import proves
from tests.requirements import NODE, node_has, require

pytestmark = [proves("resource-document-path"), pytest.mark.usefixtures("open_site")]


def test_oauth4webapi_takes_the_document_of_the_address_and_of_the_challenge(site: Site) -> None:
    require(node_has("oauth4webapi"), "Node or oauth4webapi is not installed")
    command = ["node", str(NODE / "resource_metadata.mjs"), site.products]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [site.products, site.products]


@pytest.mark.parametrize("query", ["", "?page=2"])
def test_an_editor_finds_the_address_that_it_called_beneath_the_resource(site: Site, query: str) -> None:
    called = site.products + query
    found = re.search(r'resource_metadata="([^"]+)"', httpx2.get(called).headers["WWW-Authenticate"])
    assert found is not None
    resource = urlsplit(httpx2.get(found[1]).json()["resource"])
    asked = urlsplit(called)
    assert (resource.scheme, resource.netloc) == (asked.scheme, asked.netloc)
    assert asked.path.startswith(resource.path)
    assert resource.path != ""
