"""A site's own fields of an application: filled in by its owner, shown in the admin, gone with the application."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SITE = """
import re
import django; django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from multinexo_oauth.models import Application, Event
from tests.sites.partners.models import Partner

call_command("check", fail_level="ERROR")
call_command("migrate", verbosity=0, run_syncdb=True)
ana = User.objects.create_superuser("ana")
browser = Client()
browser.force_login(ana)
NEW = "/auth/v1/mis-aplicaciones/nueva/device/"
GOOD = {"name": "Caja", "scopes": ["notes:read"], "own-contract": "C-7"}


def register(**fields):
    page = browser.get(NEW).content.decode()
    submission = re.search(r'name="submission" value="([^"]+)"', page)[1]
    return browser.post(NEW, {**GOOD, "submission": submission, **fields})
"""
REGISTERED = """
assert b"contract number" in browser.get(NEW).content.lower()
assert register().status_code == 200
partner = Partner.objects.get()
assert (partner.application.name, partner.contract, partner.newsletter) == ("Caja", "C-7", False)
"""
REFUSED = """
answer = register(**{"own-contract": "7"})
assert b"A contract number starts with C-." in answer.content
assert b'value="Caja"' in answer.content
assert not Application.objects.exists() and not Partner.objects.exists()
"""
CHANGED = """
register()
client_id = Application.objects.get().client_id
overview = f"/auth/v1/mis-aplicaciones/{client_id}/"
page = browser.get(overview).content.decode()
assert 'value="C-7"' in page
form = {"name": "Caja", "own-contract": "C-8", "own-newsletter": "on"}
assert browser.post(overview, form).status_code == 302
partner = Partner.objects.get()
assert (partner.contract, partner.newsletter) == ("C-8", True)
assert Event.objects.filter(action="changed").get().detail["fields"] == ["contract", "newsletter"]
assert "contract number" in browser.get(f"{overview}actividad/").content.decode().lower()
answer = browser.post(overview, {**form, "own-contract": ""})
assert answer.status_code == 200 and b'role="alert"' in answer.content
assert Partner.objects.get().contract == "C-8"
"""
IN_THE_ADMIN = """
register()
application = Application.objects.get()
page = browser.get(f"/admin/multinexo_oauth/application/{application.pk}/change/").content.decode()
assert 'name="partner-0-contract" value="C-7"' in page
application.delete()
assert not Partner.objects.exists()
"""


@pytest.mark.parametrize(
    "what",
    [REGISTERED, REFUSED, CHANGED, IN_THE_ADMIN],
    ids=["registered", "refused", "changed", "in-the-admin"],
)
def test_a_sites_own_fields(what: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", SITE + what]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.sites.partners.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
