"""Somebody with a browser that runs no scripts: opens pages, fills their forms in and presses their buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client

from tests.responses import ClientResponse


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, tuple[str | None, str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page, filled in as they stand there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.found.append(Form(attributes.get("method") or "get", attributes.get("action") or ""))
        elif tag == "input" and "disabled" not in attributes and (name := attributes.get("name")):
            if attributes.get("type") != "checkbox" or "checked" in attributes:
                self.found[-1].fields.setdefault(name, []).append(attributes.get("value") or "")
        elif tag == "button" and (action := attributes.get("data-action")):
            self.found[-1].buttons[action] = (attributes.get("name"), attributes.get("value") or "")


class Visitor:
    """The page that stands open, `page`, and every address that redirects led through, `trail`."""

    page: ClientResponse

    def __init__(self, host: str) -> None:
        self.http = Client(enforce_csrf_checks=True, headers={"host": host})
        self.trail: list[str] = []

    def open(self, url: str) -> ClientResponse:
        return self._follow(self.http.get(url))

    def press(self, action: str, **fields: Any) -> ClientResponse:
        """Press the button with the `data-action`, having filled the given fields in."""
        return self._follow(self.press_and_stop(action, **fields))

    def press_and_stop(self, action: str, **fields: Any) -> ClientResponse:
        """Press a button and return the answer itself, which may be a redirect; the page stays open."""
        form = next(form for form in Forms(self.text).found if action in form.buttons)
        name, value = form.buttons[action]
        content = form.fields | fields | ({name: value} if name else {})
        return self.http.post(urljoin(self.page.wsgi_request.get_full_path(), form.action), content)

    def sign_in(self, username: str, password: str) -> ClientResponse:
        return self.press("sign-in", username=username, password=password)

    def _follow(self, answer: ClientResponse) -> ClientResponse:
        # Django's own test client loses the port of the host when it follows.
        while answer.status_code in {301, 302, 303}:
            self.trail.append(answer["Location"])
            answer = self.http.get(answer["Location"])
        self.page = answer
        return answer

    @property
    def text(self) -> str:
        return self.page.content.decode()

    @property
    def path(self) -> str:
        return self.page.wsgi_request.path
