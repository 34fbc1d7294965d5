"""The same acts on the product: people's and programs' over HTTP, staff's by the methods that the docs name."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from multinexo_oauth.ending.applications import revoke_application
from multinexo_oauth.models import Application, ClientSecret
from tests import device as devices
from tests.oauth import AUTHORIZE, OAuthClient, Person, answered, register
from tests.responses import ClientResponse

from .model import GRACE, IDLE, LIFETIME, REUSE, SCOPES, Answer, Scopes

INTROSPECT = "/auth/v1/introspect/"
PEOPLE = ("ana", "luis")
KINDS = ("web", "spa", "device", "service")
CALLBACKS = {"web": "https://web.example/callback", "spa": "https://spa.example/callback"}
WRONG: dict[str, dict[str, str | None]] = {
    "verifier": {"code_verifier": "v" * 43},
    "redirect_uri": {"redirect_uri": None},
}
CATALOGUE: dict[str, dict[str, Any]] = {
    "documents:read": {"label": "See your documents"},
    "documents:write": {"label": "Issue documents in your name", "implies": ["documents:read"]},
    "cashier:read": {"label": "See your cash registers"},
    "companies:read": {"label": "See your companies"},
}
SITE: dict[str, Any] = {
    "EMAILS": (),
    "THROTTLES": None,
    "REFRESH_GRACE_SECONDS": GRACE,
    "REFRESH_IDLE_SECONDS": IDLE,
    "REFRESH_LIFETIME_SECONDS": LIFETIME,
    "REFRESH_REUSE_DAYS": REUSE // 86_400,
}
BEGINNING = datetime(2031, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """What one site says in its settings and another does not."""

    cached: bool
    password_ends: bool
    all_rotate: bool


class Clock:
    """A clock that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self.seconds)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have Django and everything that asks for the seconds go by this clock."""
        now = self.now

        class AnyDatetime(type):
            def __instancecheck__(cls, value: object) -> bool:
                return isinstance(value, datetime)

        class Standing(datetime, metaclass=AnyDatetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return now()

        # Not `timezone.now` itself, which models hold as a field's default.
        with (
            patch.object(timezone, "datetime", Standing),
            patch.object(time, "time", lambda: now().timestamp()),
        ):
            yield


@contextmanager
def quiet() -> Iterator[None]:
    """Log nothing: most of what a history asks for is refused."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Product:
    """A site with two people, the applications of one of them, and a resource server that introspects."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.site = SITE | {"SCOPES": CATALOGUE, "TOKEN_CACHE": None}
        self.owner, _other = (User.objects.create_user(name, password="a password") for name in PEOPLE)
        self.people: dict[str, Person] = {}
        # What programs call needs no middleware, and is quicker without.
        with override_settings(MULTINEXO_OAUTH=self.site, MIDDLEWARE=[]):
            self.api = Client()
            self.api.handler.load_middleware()
            self.clients = {kind: self.registered(kind) for kind in KINDS}
            self.first_secrets = {
                kind: client.secret for kind, client in self.clients.items() if client.secret
            }
            self.inspector = register(None, "service", resource_server=True, scopes="")
            self.inspector.http.handler.load_middleware()

    def registered(self, kind: str) -> OAuthClient:
        uris = {"redirect_uris": CALLBACKS[kind]} if kind in CALLBACKS else {}
        client = register(self.owner, kind, scopes=" ".join(SCOPES), **uris)
        client.http.handler.load_middleware()
        return client

    @contextmanager
    def example(self) -> Iterator[None]:
        """Leave everything as it was."""
        with self.running(), self.taken_back():
            yield

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Leave the database and the browsers' sessions as they were."""
        sessions = {person: copy(person.browser.cookies) for person in self.people.values()}
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        for person, cookies in sessions.items():
            person.browser.cookies = cookies

    @contextmanager
    def running(self) -> Iterator[None]:
        """Begin with everybody signed in and nothing remembered."""
        self.clock.seconds = 0
        cache.clear()
        changed = {
            "MULTINEXO_OAUTH": self.site,
            "ROOT_URLCONF": "tests.model.urls",
            "SESSION_COOKIE_AGE": 10**9,
        }
        with override_settings(**changed), self.clock.running(), quiet():
            for name in PEOPLE:
                self.sign_in(name)
            yield

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Try something, and take back what it did. The cache, which remembers, is not asked and not told."""
        alias, self.site["TOKEN_CACHE"] = self.site["TOKEN_CACHE"], None
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.site["TOKEN_CACHE"] = alias

    def configure(self, site: Site) -> None:
        self.site |= {
            "SCOPES": CATALOGUE,
            "TOKEN_CACHE": "default" if site.cached else None,
            "PASSWORD_CHANGE_ENDS_TOKENS": site.password_ends,
            "REFRESH_ROTATION": "all" if site.all_rotate else "public",
        }

    # What people do.

    def sign_in(self, name: str) -> None:
        self.people[name] = Person(User.objects.get(username=name))
        self.people[name].browser.handler.enforce_csrf_checks = False

    def visit(self, name: str, kind: str, asked: Scopes, **more: str) -> ClientResponse:
        answer = self.people[name].visit(self.clients[kind], scope=joined(asked), **more)
        if answer.status_code == 302 and answer["Location"].startswith(AUTHORIZE):
            return self.visit(name, kind, asked, **more)  # as the browser does
        return answer

    def press(self, name: str, page: ClientResponse, ticked: Scopes | None) -> ClientResponse:
        """Press a button of a consent page."""
        return self.people[name].decide(page, **decision(page, ticked))

    def open_device(self, name: str, user_code: str) -> ClientResponse:
        """Go through the pages of a device's code as far as its permissions, or as they let the person."""
        browser = self.people[name].browser
        page = browser.get(devices.PAGE, {"user_code": user_code})
        return devices.press(browser, page, "confirm") if is_form(page) else page

    def decide(self, name: str, page: ClientResponse, ticked: Scopes | None) -> None:
        if is_form(page):
            form = devices.hidden(page) | decision(page, ticked)
            self.people[name].browser.post(devices.PAGE, form)

    def remove(self, name: str, kind: str) -> None:
        self.confirm(name, "connection-remove", kind)

    def withdraw(self, name: str, kind: str, names: Scopes) -> None:
        self.confirm(name, "connection-withdraw", kind, scopes=sorted(names))

    def confirm(self, name: str, page: str, kind: str, **form: Any) -> None:
        address = reverse(f"multinexo_oauth:{page}", args=[self.clients[kind].client_id])
        assert self.people[name].browser.post(address, form).status_code in {302, 404}

    def change_password(self, name: str) -> None:
        for user in User.objects.filter(username=name):
            user.set_password("another password")
            user.save()

    # What staff does.

    def application(self, kind: str) -> Application:
        return Application.objects.get(client_id=self.clients[kind].client_id)

    def set_active(self, name: str, active: bool) -> None:
        for user in User.objects.filter(username=name):
            user.is_active = active
            user.save()

    def delete_person(self, name: str) -> None:
        for user in User.objects.filter(username=name):
            user.delete()

    def set_suspended(self, kind: str, suspended: bool) -> None:
        application = self.application(kind)
        if suspended:
            application.suspend()
        else:
            application.reactivate()

    def set_scopes(self, kind: str, names: Scopes) -> None:
        Application.objects.filter(client_id=self.clients[kind].client_id).update(scopes=joined(names))

    def set_catalogue(self, names: Scopes) -> None:
        self.site["SCOPES"] = {name: CATALOGUE[name] for name in SCOPES if name in names}

    def end_tokens(self, kind: str) -> None:
        revoke_application(self.application(kind))

    def issue_secret(self, kind: str) -> str:
        return ClientSecret.issue(self.application(kind))[1]

    def revoke_secret(self, value: str) -> None:
        ClientSecret.objects.matching(value).get().revoke()

    def clean_up(self) -> None:
        call_command("cleartokens", verbosity=0)

    # What programs do.

    def opens(self, value: str) -> Answer | None:
        """Return the scopes whose views let an access token in, or None where it is no token."""
        answers = self.api.get("/opened/", headers={"Authorization": f"Bearer {value}"}).json()
        assert set(answers.values()) in ({401}, {200}, {200, 403}), answers
        opened = frozenset(name for name, status in answers.items() if status == 200)
        return opened - {"any"} if "any" in opened else None

    def introspect(self, client: OAuthClient, value: str) -> Answer | None:
        """Return the scopes that introspection names, None for what is inactive, or an error."""
        answer = client.post(INTROSPECT, {"token": value})
        body = answer.json()
        if answer.status_code != 200:
            return str(body["error"])
        return frozenset(body["scope"].split()) if body["active"] else None


def decision(page: ClientResponse, ticked: Scopes | None) -> dict[str, Any]:
    """Return what a person presses, and leaves ticked, on a page that asks for permissions."""
    if ticked is None:
        return {"decision": "deny"}
    offered = re.findall(r'name="scopes" value="([^"]+)"', page.content.decode())
    return {"decision": "allow", "scopes": [name for name in offered if name in ticked]}


def authorized(answer: ClientResponse) -> tuple[str, str]:
    """Return the error or the code that the authorization endpoint answers, or what page it shows instead."""
    if answer.status_code == 302 and answer["Location"].startswith("https:"):
        said = answered(answer)
        error = said.get("error", "")
        return "page" if error == "login_required" else error, said.get("code", "")
    return "consent_required" if answer.status_code == 200 else "page", ""


def is_form(page: ClientResponse) -> bool:
    return page.status_code == 200 and 'name="request"' in page.content.decode()


def joined(names: Scopes) -> str:
    return " ".join(sorted(names))


def told(answer: ClientResponse) -> tuple[Answer, dict[str, Any]]:
    """Return what the token endpoint answered: an error or the scopes, and everything."""
    body = answer.json()
    assert answer.status_code in {200, 400, 401}, answer.content
    return (frozenset(body["scope"].split()) if answer.status_code == 200 else body["error"]), body
