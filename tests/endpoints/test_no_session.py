"""An access token opens the API, and nothing that a person signs in to."""

import pytest
from django.contrib.auth import get_user

from tests.conformance import proves
from tests.oauth import AUTHORIZE

pytestmark = proves("never-a-session")


@pytest.fixture
def visit(client, owner, person, web):
    """Visit a page with a token of somebody who is staff, and return the answer."""
    person.user.is_staff = person.user.is_superuser = True
    person.user.save()
    header = {"Authorization": f"Bearer {person.tokens(web)['access_token']}"}

    def visit(path, query=None):
        return client.get(path, query, headers=header)

    return visit


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/auth/v1/mis-aplicaciones/",
        "/auth/v1/aplicaciones-conectadas/",
        "/auth/v1/device/",
    ],
)
def test_a_page_takes_its_bearer_for_a_stranger(visit, client, path):
    assert f"?next={path}" in visit(path)["Location"]
    assert get_user(client).is_anonymous


def test_the_consent_page_takes_its_bearer_for_a_stranger(visit, client, web):
    assert f"?next={AUTHORIZE}" in visit(AUTHORIZE, web.request())["Location"]
    assert get_user(client).is_anonymous
