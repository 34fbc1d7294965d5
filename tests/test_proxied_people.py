"""A proxy of the user model is the same people: what happens to them by its name counts."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance import proves

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = """
import django; django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from multinexo_oauth.models import AccessToken, Application
from tests.sites.people.models import Member

call_command("migrate", verbosity=0)
member = Member.objects.create_user("ana", password="secret")
application = Application.objects.create(name="Tienda", kind="device", user_id=member.pk)
soon = timezone.now() + timedelta(minutes=15)
AccessToken.objects.create(
    application=application, user_id=member.pk, token_checksum="x", scope="", expires=soon
)
"""
CHANGED = PEOPLE + 'member.set_password("new"); member.save(); assert not AccessToken.objects.exists()'
DELETED = PEOPLE + "member.delete(); assert Application.objects.get().is_suspended"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(CHANGED, id="password", marks=proves("password-change")),
        pytest.param(DELETED, id="deleted", marks=proves("owner-deleted")),
    ],
)
def test_a_person_by_another_name_is_the_same(script):
    command = [sys.executable, "-W", "ignore", "-c", script]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.sites.proxied", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
