"""Everything that happens to an application's access: each act prepares, and then is done in one call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from multinexo_oauth.models import Application, ClientSecret, RefreshToken
from tests import device, registration
from tests.admin.pages import list_of, page_of
from tests.oauth import AUTHORIZE

from .scene import (
    ALLOWED,
    ASKED,
    GRANTED,
    REGISTERED,
    REGISTRATION_TOKEN,
    WITHDRAWN,
    Done,
    Scene,
    browser_of,
    done,
    sent_back,
    told,
)

Doing = Callable[[], Done]
PEOPLES = ("web", "spa", "device", REGISTERED)
ALL = (*PEOPLES, "service")


@dataclass(frozen=True)
class Act:
    """`ends` tells that it takes something away, `alarms` that the owner is told. It is for applications of `kinds`.

    An act of several `requests` is placed inside others only: what comes between its requests has results of its own.
    """

    name: str
    kinds: tuple[str, ...]
    ends: bool
    prepare: Callable[[Scene], Doing]
    alarms: bool = False
    requests: int = 1


ACTS: dict[str, Act] = {}


def _act(kinds: tuple[str, ...], ends: bool, **traits: Any) -> Any:
    def note(prepare: Callable[[Scene], Doing]) -> Callable[[Scene], Doing]:
        ACTS[prepare.__name__] = Act(prepare.__name__, kinds, ends, prepare, **traits)
        return prepare

    return note


def gives(*kinds: str) -> Any:
    return _act(kinds, ends=False)


def ends(*kinds: str, requests: int = 1) -> Any:
    return _act(kinds, ends=True, requests=requests)


def alarms(*kinds: str) -> Any:
    return _act(kinds, ends=True, alarms=True)


# What the person and the application do to get access.


@gives("web", "spa", REGISTERED)
def consents(scene: Scene) -> Doing:
    person = scene.visitor()
    page = person.visit(scene.client, scope=ASKED)
    return lambda: sent_back(person.decide(page))


@gives("web", "spa", REGISTERED)
def authorizes_silently(scene: Scene) -> Doing:
    person = scene.visitor()

    def authorize() -> Done:
        answer = person.visit(scene.client, scope=GRANTED, prompt="none")
        if answer.status_code == 302 and answer["Location"].startswith(AUTHORIZE):
            # What was read had changed; the browser asks again.
            answer = person.visit(scene.client, scope=GRANTED, prompt="none")
        return sent_back(answer)

    return authorize


@gives("device")
def lets_a_device_in(scene: Scene) -> Doing:
    person = scene.visitor()
    codes = device.started(scene.client, scope=ASKED)
    page = device.permissions_page(person, codes["user_code"])

    def press() -> Done:
        answer = device.press(person.browser, page, "allow")
        # Whether it was allowed shows when the device polls.
        return done(answer, device_code=codes["device_code"])

    return press


@gives("web", "spa", REGISTERED)
def exchanges_a_code(scene: Scene) -> Doing:
    return lambda: scene.spend("code", told(scene.client.exchange(scene.held["code"])))


@gives("web", "device")
def refreshes(scene: Scene) -> Doing:
    return lambda: told(scene.client.refresh(scene.held["refresh"]))


@gives("spa", REGISTERED)
def refreshes_in_the_browser(scene: Scene) -> Doing:
    return lambda: told(scene.client.refresh(scene.held["refresh"]))


@gives("device")
def polls(scene: Scene) -> Doing:
    return lambda: scene.spend("device_code", told(device.poll(scene.client, scene.held["device_code"])))


@gives("service")
def gets_a_token_for_itself(scene: Scene) -> Doing:
    return lambda: told(scene.client.token("client_credentials", scope=GRANTED))


@gives(*ALL)
def calls_the_api(scene: Scene) -> Doing:
    def call() -> Done:
        answer = scene.call()
        return done(answer, said_yes=answer.status_code == 200)

    return call


# What ends access, or a part of it.


@ends(*PEOPLES)
def gives_a_token_back(scene: Scene) -> Doing:
    return lambda: done(scene.client.revoke(scene.held["refresh"]))


@alarms("web", "spa")
def uses_a_code_again(scene: Scene) -> Doing:
    """Somebody sends, after the grace time, the code that the application's tokens came of."""
    scene.grants().exclude(redeemed_at=None).update(redeemed_at=timezone.now() - timedelta(minutes=1))
    return lambda: told(scene.client.exchange(scene.used_code))


@alarms("spa")
def uses_a_replaced_token(scene: Scene) -> Doing:
    """Somebody sends, after the grace time, the refresh token that the application has replaced."""
    old = scene.held["refresh"]
    scene.hold(scene.client.refresh(old).json())
    replaced = RefreshToken.objects.filter(application=scene.application).exclude(replaced_at=None)
    replaced.update(replaced_at=timezone.now() - timedelta(minutes=1))
    return lambda: told(scene.client.refresh(old))


def _own_page(user: User, page: str, /, *args: Any, **form: Any) -> Doing:
    browser, address = browser_of(user), reverse(f"multinexo_oauth:{page}", args=args)
    return lambda: done(browser.post(address, form))


@ends(*PEOPLES)
def withdraws_a_permission(scene: Scene) -> Doing:
    return _own_page(scene.user, "connection-withdraw", scene.client.client_id, scopes=[WITHDRAWN])


@ends(*PEOPLES)
def removes_the_access(scene: Scene) -> Doing:
    return _own_page(scene.user, "connection-remove", scene.client.client_id)


@ends(*PEOPLES)
def removes_every_access(scene: Scene) -> Doing:
    return _own_page(scene.user, "connections-remove-all")


@ends(*ALL)
def owner_takes_a_permission_off(scene: Scene) -> Doing:
    kept = [name for name in ALLOWED.split() if name != WITHDRAWN]
    return _own_page(scene.owner, "application-permissions", scene.client.client_id, scopes=kept)


@ends(*ALL, requests=2)
def owner_ends_a_permission(scene: Scene) -> Doing:
    """The owner takes a permission off the list, and answers the page that follows with yes."""
    take = owner_takes_a_permission_off(scene)
    end = _own_page(scene.owner, "application-end-permissions", scene.client.client_id, scopes=[WITHDRAWN])

    def both() -> Done:
        taken = take()
        return end() if taken.status == 302 else taken

    return both


@ends(*ALL)
def owner_deletes(scene: Scene) -> Doing:
    name = scene.application.name
    return _own_page(scene.owner, "application-delete", scene.client.client_id, name=name)


@gives("web", "service")
def owner_generates_a_secret(scene: Scene) -> Doing:
    browser = browser_of(scene.owner)
    address = reverse("multinexo_oauth:secret-issue", args=[scene.client.client_id])

    def generate() -> Done:
        answer = browser.post(address)
        value = (answer.context or {}).get("secret") if answer.status_code == 200 else None
        return done(answer, True, secret=value) if value else done(answer)

    return generate


@ends("web", "service")
def owner_revokes_a_secret(scene: Scene) -> Doing:
    assert scene.client.secret
    secret = ClientSecret.objects.matching(scene.client.secret).get()
    return _own_page(scene.owner, "secret-revoke", scene.client.client_id, secret.pk)


def _configuration(scene: Scene) -> dict[str, Any]:
    """Return what the client was told when it registered itself, as `tests.registration` takes it."""
    address = reverse("multinexo_oauth:client-configuration", args=[scene.client.client_id])
    return {
        "client_id": scene.client.client_id,
        "client_name": scene.application.name,
        "redirect_uris": scene.application.redirect_uris.split(),
        "token_endpoint_auth_method": "none",
        "scope": ALLOWED,
        "registration_access_token": REGISTRATION_TOKEN,
        "registration_client_uri": address,
    }


@gives(REGISTERED)
def client_changes_its_registration(scene: Scene) -> Doing:
    told = _configuration(scene)
    return lambda: done(registration.change(told, contacts=["help@example.com"]))


@ends(REGISTERED)
def client_leaves_a_permission(scene: Scene) -> Doing:
    told = _configuration(scene)
    kept = " ".join(name for name in ALLOWED.split() if name != WITHDRAWN)
    return lambda: done(registration.change(told, scope=kept))


@ends(REGISTERED)
def client_removes_its_registration(scene: Scene) -> Doing:
    told = _configuration(scene)
    return lambda: done(registration.manage("DELETE", told))


def _staff(scene: Scene) -> Client:
    return browser_of(scene.staff)


def _action(scene: Scene, name: str) -> Doing:
    browser = _staff(scene)
    form = {"action": name, "_selected_action": [scene.application.pk], "confirmed": "yes"}
    return lambda: done(browser.post(list_of(Application), form))


@ends(*ALL)
def staff_suspends(scene: Scene) -> Doing:
    return _action(scene, "suspend")


@gives(*ALL)
def staff_reactivates(scene: Scene) -> Doing:
    scene.application.suspend()
    return _action(scene, "reactivate")


@ends(*ALL)
def staff_revokes_every_token(scene: Scene) -> Doing:
    return _action(scene, "revoke_tokens")


@ends(*ALL)
def staff_deletes(scene: Scene) -> Doing:
    browser, address = _staff(scene), page_of(scene.application, "delete")
    return lambda: done(browser.post(address, {"post": "yes"}))


@ends(*PEOPLES)
def person_is_deleted(scene: Scene) -> Doing:
    return _to(scene.user, lambda user: user.delete())


@ends(*ALL)
def owner_is_deleted(scene: Scene) -> Doing:
    return _to(scene.owner, lambda user: user.delete())


@ends(*PEOPLES)
def person_is_deactivated(scene: Scene) -> Doing:
    def deactivate(user: User) -> None:
        user.is_active = False
        user.save(update_fields=["is_active"])

    return _to(scene.user, deactivate)


@ends(*PEOPLES)
def password_is_changed(scene: Scene) -> Doing:
    def change(user: User) -> None:
        user.set_password("another secret")
        user.save(update_fields=["password"])

    return _to(scene.user, change)


def _to(who: User, do: Callable[[User], Any]) -> Doing:
    """Return what a site's own code does to an account, if it is there."""

    def act() -> Done:
        user = User.objects.filter(pk=who.pk).first()
        try:
            if user is not None:
                do(user)
        except DatabaseError:
            if User.objects.filter(pk=who.pk).exists():
                raise  # else Django tells that there is nothing left to save
        return Done(200)

    return act


@ends(*ALL)
def site_cleans_up(scene: Scene) -> Doing:
    def clean() -> Done:
        call_command("cleartokens", verbosity=0)
        return Done(200)

    return clean
