"""Authlib's OpenID Connect client, given the address of the discovery document and nothing else."""

from typing import Any

from django.contrib.auth.models import User

from tests.clients.conftest import Site, visit
from tests.clients.person import Person
from tests.conformance import proves


@proves("openid-clients")
def test_a_visitor_logs_in(
    openid_client: Any, started: tuple[str, dict[str, Any]], site: Site, luis: Person
) -> None:
    address, session = started
    token = openid_client.authorize_access_token(visit(luis.authorize(address), session))
    visitor = User.objects.get(username="luis")
    assert token["userinfo"]["iss"] == site.issuer
    assert token["userinfo"]["sub"] == str(visitor.pk)
    assert token["userinfo"]["email"] == "luis@example.com"
    assert openid_client.userinfo(token=token)["sub"] == str(visitor.pk)
