"""What people see of mcp-remote where it gets no further, or must ask them again."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import AccessToken, Application, Consent, RefreshToken
from tests.clients.conftest import Site
from tests.clients.mcp_remote import MCPRemote
from tests.clients.person import Person, parameters
from tests.conformance import proves

pytestmark = proves("mcp-remote-refused")
LONG_AGO = timezone.now() - timedelta(days=1)
REFUSED = "Authorization failed: The person refused."


def test_a_person_who_refuses(tool_server: str, luis: Person, remote: Callable[..., MCPRemote]) -> None:
    program = remote(tool_server, luis.refuse)
    printed = program.list_tools()
    assert "Fatal error: Error: Authorization failed: access_denied" in printed
    assert program.status == 1
    assert REFUSED in program.pages[0]
    assert not AccessToken.objects.exists()


def test_a_site_that_registers_nobody(
    tool_server: str, remote: Callable[..., MCPRemote], settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"DYNAMIC_REGISTRATION": False}
    program = remote(tool_server)
    assert "does not support dynamic client registration" in program.list_tools()
    assert (program.status, program.asked) == (1, [])


def test_a_site_that_wants_an_initial_access_token(
    tool_server: str, remote: Callable[..., MCPRemote], settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"DYNAMIC_REGISTRATION": "token"}
    program = remote(tool_server)
    assert "Send an initial access token with the scope clients:register." in program.list_tools()
    assert (program.status, program.asked) == (1, [])


def test_a_redirect_uri_that_is_not_safe(tool_server: str, remote: Callable[..., MCPRemote]) -> None:
    program = remote(tool_server)
    printed = program.list_tools("9696", "--host", "agent.example")
    assert "invalid_redirect_uri" in printed
    assert "http://agent.example:9696/oauth/callback: http:// is only for your own machine" in printed
    assert (program.status, program.asked) == (1, [])
    assert not Application.objects.filter(registration_source="dcr").exists()


def test_a_redirect_uri_that_is_not_registered(
    tool_server: str, luis: Person, remote: Callable[..., MCPRemote], editor: dict[str, Any]
) -> None:
    program = remote(tool_server)
    information = ["--static-oauth-client-info", json.dumps(editor)]
    page = luis.browser.get(program.asks("9697", "--callback-path", "/other", *information))
    assert page.status_code == 400
    assert "http://localhost:9697/other" in page.text
    assert editor["client_name"] in page.text


def test_access_taken_back_while_it_is_connected(
    tool_server: str, luis: Person, remote: Callable[..., MCPRemote]
) -> None:
    program = remote(tool_server)
    with program.connected() as editor:
        assert "result" in editor.call("whose")
        remove_consent(Consent.objects.get())
        assert "result" in editor.call("whose")
        assert len(program.asked) == 2
        remove_consent(Consent.objects.get())
        program.decide = luis.refuse
        assert "access_denied - The person refused." in editor.call("whose")["error"]["message"]
    assert REFUSED in program.pages[2]
    assert not AccessToken.objects.exists()


def grows_too_old(program: MCPRemote, site: Site) -> None:
    RefreshToken.objects.update(expires=timezone.now())


def is_not_used_for_long(program: MCPRemote, site: Site) -> None:
    RefreshToken.objects.update(last_used_at=LONG_AGO)


def is_revoked(program: MCPRemote, site: Site) -> None:
    form = {
        "token": program.kept("tokens")["refresh_token"],
        "client_id": program.kept("client_info")["client_id"],
    }
    assert requests.post(site.revocation, data=form, timeout=30).status_code == 200


def comes_from_a_backup(program: MCPRemote, site: Site) -> None:
    before = program.kept("tokens")
    AccessToken.objects.update(expires=timezone.now())
    program.list_tools()
    RefreshToken.objects.exclude(replaced_at=None).update(replaced_at=LONG_AGO)
    program.keep("tokens", before)


@pytest.mark.parametrize("end", [grows_too_old, is_not_used_for_long, is_revoked, comes_from_a_backup])
def test_the_person_is_asked_again_where_the_refresh_token(
    tool_server: str,
    open_site: Site,
    remote: Callable[..., MCPRemote],
    settings: Any,
    end: Callable[[MCPRemote, Site], None],
) -> None:
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"REFRESH_IDLE_SECONDS": 60}
    program = remote(tool_server)
    program.list_tools()
    end(program, open_site)
    AccessToken.objects.update(expires=timezone.now())
    assert len(program.asked) == 1
    assert '"whose"' in program.list_tools()
    assert len(program.asked) == 2
    assert RefreshToken.objects.live().count() == 1


def test_a_person_who_was_deactivated(
    tool_server: str, luis: Person, remote: Callable[..., MCPRemote]
) -> None:
    program = remote(tool_server)
    program.list_tools()
    User.objects.filter(username="luis").update(is_active=False)
    assert luis.is_asked_to_sign_in(program.asks())


def test_a_suspended_client_registers_anew_and_asks_again(
    tool_server: str, remote: Callable[..., MCPRemote]
) -> None:
    program = remote(tool_server)
    program.list_tools()
    suspended = Application.objects.get(registration_source="dcr")
    suspended.suspend()
    assert '"whose"' in program.list_tools()
    before, after = (parameters(url)["client_id"] for url in program.asked)
    assert (before == suspended.client_id, after == suspended.client_id) == (True, False)
    assert Application.objects.get(client_id=before).is_suspended
