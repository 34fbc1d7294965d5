"""A person with the plainest of browsers: it keeps cookies, fills in forms and follows redirects."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests


class Form(HTMLParser):
    """One form of a page: where it goes and what it sends as it stands."""

    def __init__(self, html: str, button: str) -> None:
        """Read the form that has the button with that `data-action`."""
        super().__init__()
        self.button = button
        self.forms: list[tuple[str, dict[str, list[str]], set[str]]] = []
        self.feed(html)
        self.action, self.fields, _actions = next(form for form in self.forms if button in form[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append((attributes.get("action") or "", {}, set()))
        elif self.forms and tag == "button":
            self._button(attributes)
        elif self.forms and tag == "input":
            self._input(attributes)

    def _button(self, attributes: dict[str, str | None]) -> None:
        action = attributes.get("data-action")
        self.forms[-1][2].add(action or "")
        if action == self.button:
            self._send(attributes)

    def _input(self, attributes: dict[str, str | None]) -> None:
        ticked = attributes.get("type") != "checkbox" or "checked" in attributes
        if ticked and "disabled" not in attributes:
            self._send(attributes)

    def _send(self, attributes: dict[str, str | None]) -> None:
        if name := attributes.get("name"):
            self.forms[-1][1].setdefault(name, []).append(attributes.get("value") or "")


class Person:
    """Somebody with an account on the site."""

    def __init__(self, site: str, username: str, password: str) -> None:
        self.site = site
        self.username = username
        self.password = password
        self.browser = requests.Session()

    def authorize(self, url: str) -> str:
        """Open an authorization request, sign in if asked, press Authorize; return where the site sends back to."""
        return self._decide(url, "allow")

    def authorize_only(self, url: str, *permissions: str) -> str:
        """The same, but leave no other permission ticked."""
        return self._press(self._open(url), "allow", scopes=list(permissions)).headers["Location"]

    def refuse(self, url: str) -> str:
        """The same, but press Cancel."""
        return self._decide(url, "deny")

    def carry_answer(self, url: str, decision: str) -> requests.Response:
        """Decide on a request whose answer comes back by a form, and post that."""
        form = Form(self._press(self._open(url), decision).text, "continue")
        return self.browser.post(form.action, form.fields)

    def sign_out(self, url: str) -> str:
        """Open a request to sign out and press the button; return where the site sends back to."""
        return self._decide(url, "sign-out")

    def is_asked_to_sign_in(self, url: str) -> bool:
        """Open an address of the site and tell whether it wants to know first who this is."""
        return "sign-in" in self._visit(url).text

    def let_in(self, url: str) -> None:
        """Open a device's complete address, sign in if asked, know the code and press Authorize."""
        self._press(self._press(self._open(url), "confirm"), "allow")

    def turn_away(self, url: str) -> None:
        """The same, but press Cancel at the code."""
        self._press(self._open(url), "deny")

    def _decide(self, url: str, decision: str) -> str:
        page = self._open(url)
        if page.is_redirect:
            return page.headers["Location"]
        return self._press(page, decision).headers["Location"]

    def _open(self, url: str) -> requests.Response:
        """Open an address of the site and sign in if asked."""
        page = self._visit(url)
        if "sign-in" in page.text:
            page = self._press(page, "sign-in", username=self.username, password=self.password)
        return page

    def _visit(self, url: str) -> requests.Response:
        return self._within_site(self.browser.get(url, allow_redirects=False))

    def _press(self, page: requests.Response, button: str, **fields: str | list[str]) -> requests.Response:
        filled = (form := Form(page.text, button)).fields | fields
        url = urljoin(page.url, form.action)
        return self._within_site(self.browser.post(url, filled, allow_redirects=False))

    def _within_site(self, page: requests.Response) -> requests.Response:
        """Follow redirects up to the one that leaves the site."""
        while page.is_redirect and urljoin(page.url, page.headers["Location"]).startswith(self.site):
            page = self.browser.get(urljoin(page.url, page.headers["Location"]), allow_redirects=False)
        assert page.status_code < 400, page.text
        return page


def parameters(url: str) -> dict[str, str]:
    """Return the parameters of an answer at a redirect URI."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
