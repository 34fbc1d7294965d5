"""A caller of plain views."""

from typing import Any

from django.test import Client

CSRF = "a" * 32
FORMS = ["function", "coroutine", "class", "async-class"]
OR_SESSION = ["or-session", "or-session-coroutine", "or-session-class"]


class Caller(Client):
    """A browser or a program that asks plain views, whose forgeries are looked for."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)

    def ask(self, name: str, token: str | None = None, method: str = "GET", **headers: str) -> Any:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.generic(method, f"/plain/{name}/", headers=headers)

    def ask_from_own_page(self, name: str, method: str = "POST") -> Any:
        self.cookies["csrftoken"] = CSRF
        return self.ask(name, method=method, **{"X-CSRFToken": CSRF})
