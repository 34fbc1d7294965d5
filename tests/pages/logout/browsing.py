"""People who sign out, as their browser does it."""

import re
from typing import Any

from django.test import Client

from tests.responses import ClientResponse

LOGOUT = "/auth/v1/logout/"


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def template(page: ClientResponse) -> str:
    """Return which of the pages it is."""
    found = [t.name.removeprefix("multinexo_oauth/logout/").removesuffix(".html") for t in page.templates]
    return next(name for name in found if name in {"confirm", "done", "stayed", "refused"})


def press(browser: Client, page: ClientResponse, decision: str, **fields: Any) -> ClientResponse:
    """Press a button of the confirmation page."""
    assert template(page) == "confirm"
    forms = page.content.decode().partition("</header>")[2]
    action = re.search(r'<form method="post" action="([^"]+)"', forms)[1]
    hidden = re.findall(r'<input type="hidden" name="(request|csrfmiddlewaretoken)" value="([^"]+)"', forms)
    return browser.post(action, dict(hidden) | {"decision": decision} | fields)
