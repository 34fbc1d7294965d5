"""The tests' people and applications over the wire: with the same words, to one of several processes."""

import random
import secrets
import threading
from http.cookiejar import DefaultCookiePolicy
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import requests
from django.contrib.auth.models import User
from django.test import Client

from multinexo_oauth.models import Application, ClientSecret
from tests.oauth import FORM, OAuthClient, Person, Products
from tests.responses import ClientResponse

SECONDS = 30
_threads = threading.local()


class Site:
    """The processes' addresses, and the answers that no server should give."""

    def __init__(self, urls: list[str]) -> None:
        self.urls = urls
        self.answers = 0
        self.busy: list[str] = []
        self.errors: list[str] = []

    def send(self, method: str, path: str, **options: Any) -> Any:
        url = random.choice(self.urls)
        answer = _session().request(method, url + path, allow_redirects=False, timeout=SECONDS, **options)
        self.answers += 1
        told = f"{method} {path.partition('?')[0]}: {answer.status_code}"
        if answer.status_code == 503 and "Retry-After" in answer.headers:
            self.busy.append(told)
        elif answer.status_code >= 500:
            self.errors.append(told)
        return Answer(answer, path)


def _session() -> requests.Session:
    """Return the thread's own session, which keeps connections open and no cookies."""
    if not hasattr(_threads, "session"):
        _threads.session = requests.Session()
        _threads.session.trust_env = False
        _threads.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return _threads.session


class Answer:
    """An answer of Django's test client, as far as the tests' people look at it."""

    def __init__(self, answer: requests.Response, path: str) -> None:
        self.status_code = answer.status_code
        self.content = answer.content
        self.headers = answer.headers
        self.json = answer.json
        self.wsgi_request = SimpleNamespace(get_full_path=lambda: path, path=path.partition("?")[0])

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


class Remote:
    """Django's test client, as far as the tests' people and applications use it."""

    def __init__(self, site: Site, user: User | None = None) -> None:
        self.site = site
        self.cookies = {} if user is None else _signed_in(user)

    def get(self, path: str, data: dict[str, str] | None = None, headers: Any = None) -> Any:
        return self._send("GET", f"{path}?{urlencode(data)}" if data else path, headers)

    def post(self, path: str, data: Any = "", content_type: str = FORM, headers: Any = None) -> Any:
        body = data if isinstance(data, str) else urlencode(data, doseq=True)
        more = {"Content-Type": content_type, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self._send("POST", path, more | (headers or {}), body)

    def _send(self, method: str, path: str, headers: Any, body: str = "") -> Any:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.site.send(method, path, data=body, headers={"Cookie": cookies} | (headers or {}))


def _signed_in(user: User) -> dict[str, str]:
    browser = Client()
    browser.force_login(user)
    return {"sessionid": browser.cookies["sessionid"].value, "csrftoken": secrets.token_hex(16)}


class RemotePerson(Person):
    def __init__(self, site: Site, user: User) -> None:
        self.user = user
        self.key = user.pk  # which Django takes from a deleted account
        self.site = site
        self.sign_in()

    def sign_in(self) -> None:
        self.browser: Any = Remote(self.site, self.user)


class RemoteProducts(Products):
    def __init__(self, site: Site) -> None:
        self.http: Any = Remote(site)


def remote(site: Site, application: Application) -> OAuthClient:
    """Return an application's client, with a secret of its own where the kind has them."""
    confidential = application.client_type == Application.CLIENT_CONFIDENTIAL
    client = OAuthClient(application, ClientSecret.issue(application)[1] if confidential else None)
    client.http = Remote(site)
    return client


def code_of(answer: ClientResponse) -> str | None:
    """Return the code that an answer of the authorization endpoint carries, if it does."""
    location = answer["Location"] if answer.status_code == 302 else ""
    return location.partition("code=")[2].partition("&")[0] or None
