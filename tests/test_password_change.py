"""A person who changes the password signs out every application, where the site wants it."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User

from multinexo_oauth.models import Consent, Event
from tests.conformance import proves
from tests.oauth import Person

pytestmark = proves("password-change")
NEW = "another secret of luis"


@pytest.fixture(autouse=True)
def wanted(settings: Any) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "PASSWORD_CHANGE_ENDS_TOKENS": True}


def by_form(user):
    form = SetPasswordForm(user, {"new_password1": NEW, "new_password2": NEW})
    assert form.is_valid(), form.errors
    form.save()


def by_save(user):
    user.set_password(NEW)
    user.save()


def by_the_one_field(user):
    user.set_password(NEW)
    user.save(update_fields=["password"])


def by_asynchronous_save(user):
    user.set_password(NEW)
    async_to_sync(user.asave)()


@pytest.mark.parametrize("change", [by_form, by_save, by_the_one_field, by_asynchronous_save])
def test_every_way_that_sets_one_ends_the_tokens(person, web, tokens, change):
    change(person.user)
    assert web.refresh(tokens["refresh_token"]).status_code == 400


def test_consents_stay_so_that_nothing_is_asked_again(person, web, tokens):
    by_save(person.user)
    assert Consent.objects.owned_by(person.user).count() == 1
    again = Person(User.objects.get(pk=person.user.pk))
    assert again.visit(web).status_code == 302


def test_the_owners_of_the_applications_see_it(person, owner, web, spa, tokens):
    person.tokens(spa)
    by_save(person.user)
    events = Event.objects.filter(action=Event.Action.PASSWORD_CHANGED)
    assert {event.application for event in events} == {web.application, spa.application}
    assert {event.actor for event in events} == {person.user}


def test_nobody_is_told_where_nothing_ended(person, web):
    by_save(person.user)
    assert not Event.objects.filter(action=Event.Action.PASSWORD_CHANGED).exists()


def test_other_people_s_tokens_live_on(person, stranger, web, tokens):
    others = stranger.tokens(web)
    by_save(person.user)
    assert web.refresh(others["refresh_token"]).status_code == 200


def test_another_change_of_the_person_ends_nothing(person, web, tokens):
    person.user.first_name = "Luisa"
    person.user.save()
    assert web.refresh(tokens["refresh_token"]).status_code == 200


def test_a_new_password_that_is_not_saved_ends_nothing(person, web, tokens):
    person.user.set_password(NEW)
    person.user.save(update_fields=["first_name"])
    assert web.refresh(tokens["refresh_token"]).status_code == 200


def test_a_better_hash_at_login_is_no_change(person, web, tokens, settings):
    before = User.objects.get(pk=person.user.pk).password
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert authenticate(username="luis", password="secret-of-luis")
    assert User.objects.get(pk=person.user.pk).password != before
    assert web.refresh(tokens["refresh_token"]).status_code == 200


def test_a_new_person_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        User.objects.create_user("nueva", password=NEW)
    with django_assert_num_queries(1):
        async_to_sync(User.objects.acreate_user)("otra", password=NEW)


def test_where_the_site_does_not_want_it_nothing_ends(person, web, tokens, settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "PASSWORD_CHANGE_ENDS_TOKENS": False}
    by_save(person.user)
    assert web.refresh(tokens["refresh_token"]).status_code == 200
