"""Whatever changes the allowed origins of an application, a preflight finds those of now."""

import pytest
from django.core import serializers
from django.test import Client

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.oauth import TOKEN

pytestmark = proves("cors-preflight")
OLD, NEW = "https://spa.example", "https://new.example:8443"


def is_answered(origin):
    return "Access-Control-Allow-Origin" in Client().options(TOKEN, headers={"Origin": origin})


def save_all(application):
    application.save()


def save_that_field(application):
    application.save(update_fields=["allowed_origins"])


def update(application):
    assert Application.objects.filter(allowed_origins=OLD).update(allowed_origins=NEW) == 1


def update_of_its_owner(application):
    application.user.multinexo_oauth_application.update(allowed_origins=NEW)


def update_many(application):
    assert Application.objects.bulk_update([application], ["allowed_origins"]) == 1


def update_or_create(application):
    Application.objects.update_or_create({"allowed_origins": NEW}, client_id=application.client_id)


@pytest.mark.parametrize(
    "change", [save_all, save_that_field, update, update_of_its_owner, update_many, update_or_create]
)
def test_only_the_newest_code_is_answered(spa, change):
    application = spa.application
    application.allowed_origins = f"{NEW}\nhttp://127.0.0.1:3000 http://[::1]:3000 {NEW}"
    assert is_answered(OLD)
    change(application)
    assert is_answered(NEW)
    assert not is_answered(OLD)


def test_another_ones_of_the_same_origin_stays(spa, owner):
    other = Application.objects.create(user=owner, kind="spa", name="Otra", allowed_origins=OLD)
    Application.objects.filter(pk=spa.application.pk).update(allowed_origins="")
    assert is_answered(OLD)
    other.delete()
    assert not is_answered(OLD)


def test_one_of_many_that_were_stored_at_once(db):
    Application.objects.bulk_create(
        Application(kind="spa", name=f"Una {number}", allowed_origins=f"https://{number}.example")
        for number in range(1100)
    )
    assert is_answered("https://0.example")
    assert is_answered("https://1099.example")
    assert not is_answered("https://1100.example")


def test_one_of_an_application_that_was_deleted_and_loaded_from_a_dump(spa):
    dump = serializers.serialize("json", Application.objects.all())
    Application.objects.all().delete()
    assert not is_answered(OLD)
    for loaded in serializers.deserialize("json", dump):
        loaded.save()
    assert is_answered(OLD)


def test_a_change_of_something_else_leaves_them(spa):
    spa.application.suspend()
    assert not is_answered(OLD)
    spa.application.reactivate()
    Application.objects.update(name="Otra")
    assert is_answered(OLD)
