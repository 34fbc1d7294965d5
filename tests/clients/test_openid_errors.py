"""Where Authlib's OpenID Connect client logs nobody in."""

from typing import Any

import pytest
from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError

from tests.clients.conftest import visit
from tests.clients.person import Person
from tests.conformance import proves


@proves("openid-clients")
def test_an_answer_to_another_browser_logs_nobody_in(
    openid_client: Any, started: tuple[str, dict[str, Any]], luis: Person
) -> None:
    with pytest.raises(MismatchingStateError):
        openid_client.authorize_access_token(visit(luis.authorize(started[0])))


@proves("openid-clients")
def test_a_person_who_refuses_is_not_logged_in(
    openid_client: Any, started: tuple[str, dict[str, Any]], luis: Person
) -> None:
    address, session = started
    with pytest.raises(OAuthError, match="access_denied"):
        openid_client.authorize_access_token(visit(luis.refuse(address), session))
