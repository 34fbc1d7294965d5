"""Helpers for those who test a protected API of their own."""

import pytest
from rest_framework.test import APIClient

from multinexo_oauth.models import AccessToken
from multinexo_oauth.rest_framework.testing import acting_as

pytest_plugins = ["multinexo_oauth.rest_framework.fixtures"]


def test_a_client_acts_as_a_person_with_scopes(luis):
    answer = acting_as(luis, scopes=["products:write"]).get("/api/people/")
    assert answer.json()["user"] == "luis"
    assert answer.json()["scopes"] == ["products:read", "products:write"]


def test_scopes_may_be_written_as_oauth_does(luis):
    answer = acting_as(luis, "products:read companies:read").get("/api/people/")
    assert answer.json()["scopes"] == ["companies:read", "products:read"]


def test_what_the_token_lacks_is_refused(luis):
    assert acting_as(luis, scopes=["companies:read"]).get("/api/products/").status_code == 403
    assert acting_as(luis).get("/api/products/").status_code == 403


def test_nobody_and_an_application_of_ones_own(application):
    client = acting_as(None, "products:read", application)
    assert client.get("/api/anyone/").json()["user"] == ""
    assert AccessToken.objects.get().application == application


def test_two_clients_act_side_by_side(luis, application):
    reader, writer = acting_as(luis, "products:read"), acting_as(application.user, "products:write")
    assert reader.get("/api/people/").json()["user"] == "luis"
    assert writer.get("/api/people/").json()["user"] == "ana"


def test_a_misspelt_scope_is_told(luis):
    with pytest.raises(ValueError, match="There is no scope product:read"):
        acting_as(luis, scopes=["product:read"])


def test_it_is_a_fixture_too(acting_as_by_plugin, luis):
    assert acting_as_by_plugin(luis, scopes=["products:read"]).get("/api/people/").status_code == 200


@pytest.fixture
def acting_as_by_plugin(request) -> APIClient:
    return request.getfixturevalue("acting_as")
