"""What ends access meanwhile: the person, the application, its owner, staff, and a thief's second use."""

import random
from collections.abc import Callable
from time import monotonic, sleep

from django.contrib.auth.models import User
from django.db import DatabaseError
from django.urls import reverse

from multinexo_oauth.models import Application
from tests.admin.pages import list_of, page_of
from tests.oauth import OAuthClient

from .cast import WITHDRAWN, Cast
from .ledger import Credential, Ending, Ledger
from .wire import RemotePerson

# The processes' REFRESH_GRACE_SECONDS, and a little more.
AFTER_GRACE = 1.5


class EndingThings:
    def __init__(self, cast: Cast, ledger: Ledger) -> None:
        self.cast = cast
        self.ledger = ledger

    @property
    def acts(self) -> dict[Callable[[], None], int]:
        """What is done, and how often beside the others."""
        return {
            self.withdraw: 3,
            self.remove: 3,
            self.remove_all: 1,
            self.give_back: 3,
            self.revoke_every_token: 2,
            self.suspend_for_a_while: 1,
            self.owner_deletes: 1,
            self.staff_deletes: 1,
            self.delete_person: 1,
            self.deactivate_person: 1,
            self.change_password: 1,
            self.use_a_replaced_token: 2,
        }

    def withdraw(self) -> None:
        person, client = self.cast.person(), self.cast.client("web", "spa")

        def covers(token: Credential) -> bool:
            carries = token.what != "refresh token" and WITHDRAWN in token.scopes
            return carries and between(person, client)(token)

        with self.ledger.ending("a permission withdrawn", covers) as ending:
            self._own_page(person, "connection-withdraw", client, ending, scopes=WITHDRAWN)

    def remove(self) -> None:
        person, client = self.cast.person(), self.cast.client("web", "spa")
        with self.ledger.ending("the access removed", between(person, client)) as ending:
            self._own_page(person, "connection-remove", client, ending)

    def _own_page(
        self, person: RemotePerson, page: str, client: OAuthClient, ending: Ending, **form: str
    ) -> None:
        address = reverse(f"multinexo_oauth:{page}", args=[client.client_id])
        answer = person.browser.post(address, form)
        # Signed out or not connected: nothing was ended that was not before.
        if answer.status_code != 302 or "/entrar/" in answer["Location"]:
            self._in_vain(ending)

    def _in_vain(self, ending: Ending) -> None:
        ending.taken_back = 0.0

    def remove_all(self) -> None:
        person = self.cast.person()
        with self.ledger.ending("every access removed", of_person(person)) as ending:
            answer = person.browser.post(reverse("multinexo_oauth:connections-remove-all"), {})
            if answer.status_code != 302 or "/entrar/" in answer["Location"]:
                self._in_vain(ending)

    def give_back(self) -> None:
        family = self.cast.take_family()
        if family is None:
            return
        token = random.choice([family.access, family.refresh])
        with self.ledger.ending(f"the {token.what} given back", of_family(family.refresh.family)) as ending:
            answer = family.client.revoke(token.value)
            # The access token may be gone already, by a withdrawal that leaves its family.
            if answer.status_code != 200 or token is family.access:
                self._in_vain(ending)

    def _action(self, client: OAuthClient, name: str) -> bool:
        form = {"action": name, "_selected_action": client.application.pk, "confirmed": "yes"}
        return bool(self.cast.staffs_browser.post(list_of(Application), form).status_code == 302)

    def revoke_every_token(self) -> None:
        client = self.cast.client()
        with self.ledger.ending("every token revoked", of_application(client)) as ending:
            if not self._action(client, "revoke_tokens"):
                self._in_vain(ending)

    def suspend_for_a_while(self) -> None:
        """Suspend an application. Its tokens live again afterwards."""
        client = self.cast.client()
        with self.ledger.ending("a suspension", of_application(client)) as ending:
            if not self._action(client, "suspend"):
                self._in_vain(ending)
        sleep(0.5)
        ending.taken_back = min(ending.taken_back, monotonic())
        self._action(client, "reactivate")
        ending.over = monotonic()

    def owner_deletes(self) -> None:
        client = self.cast.client()
        address = reverse("multinexo_oauth:application-delete", args=[client.client_id])
        with self.ledger.ending("deleted by the owner", of_application(client)):
            self.cast.owners_browser.post(address, {"name": client.application.name})
        self._gone(client)

    def staff_deletes(self) -> None:
        client = self.cast.client()
        with self.ledger.ending("deleted by staff", of_application(client)):
            self.cast.staffs_browser.post(page_of(client.application, "delete"), {"post": "yes"})
        self._gone(client)

    def _gone(self, client: OAuthClient) -> None:
        if Application.objects.filter(client_id=client.client_id).exists():
            self.ledger.fault("an application could not be deleted")
        self.cast.replace_client(client)

    def delete_person(self) -> None:
        person = self.cast.person()
        with self.ledger.ending("an account deleted", of_person(person)):
            self._to(person, lambda user: user.delete())
        self.cast.replace_person(person)

    def deactivate_person(self) -> None:
        def deactivate(user: User) -> None:
            user.is_active = False
            user.save(update_fields=["is_active"])

        person = self.cast.person()
        with self.ledger.ending("an account deactivated", of_person(person)):
            self._to(person, deactivate)
        self.cast.replace_person(person)

    def change_password(self) -> None:
        def change(user: User) -> None:
            user.set_password("another secret")
            user.save(update_fields=["password"])
            person.user = user
            person.sign_in()

        person = self.cast.person()
        with self.ledger.ending("a password changed", of_person(person)):
            self._to(person, change)

    def _to(self, person: RemotePerson, do: Callable[[User], object]) -> None:
        """Do what a site's own code does to an account, if it is there."""
        user = User.objects.filter(pk=person.key).first()
        try:
            if user is not None:
                do(user)
        except DatabaseError:
            if User.objects.filter(pk=person.key).exists():
                raise  # else another thread has deleted it meanwhile

    def use_a_replaced_token(self) -> None:
        """Use a refresh token after the grace time that has been replaced: the family ends."""
        family = self.cast.take_family()
        if family is None:
            return
        old = [value for when, value in family.replaced if when < monotonic() - AFTER_GRACE]
        if not old:
            self.cast.put_family(family)
            return
        with self.ledger.ending("a replaced token used", of_family(family.refresh.family)) as ending:
            answer = family.client.refresh(random.choice(old))
            if answer.status_code == 200:
                self.ledger.fault("a replaced token was let in after the grace time")
            elif answer.status_code != 400:
                self._in_vain(ending)


Covers = Callable[[Credential], bool]


def of_application(client: OAuthClient) -> Covers:
    key = client.application.pk
    return lambda token: token.application == key


def of_person(person: RemotePerson) -> Covers:
    return lambda token: token.person == person.key


def of_family(family: object) -> Covers:
    return lambda token: token.family is family


def between(person: RemotePerson, client: OAuthClient) -> Covers:
    key = client.application.pk
    return lambda token: token.application == key and token.person == person.key
