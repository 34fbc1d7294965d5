"""Django asks little of a user model, and the pages ask no more: no names, no field `email`, no staff, any key."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SITE = """
import re
import django; django.setup()
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from multinexo_oauth.mail import flush
from multinexo_oauth.models import Application, Consent
from tests.sites.bare.models import Account

call_command("migrate", verbosity=0, run_syncdb=True)
mail.outbox = []
ana = Account.objects.create(address="ana@example.com")
luis = Account.objects.create(address="luis@example.com")
what = {"user": ana, "scopes": "notes:read"}
shop = Application.objects.create(name="Tienda", kind="web", redirect_uris="https://shop.example/", **what)
till = Application.objects.create(name="Caja", kind="device", **what)
browser = Client()
browser.force_login(luis)


def read(page):
    assert page.status_code == 200, (page, page.headers)
    return page.content.decode()


def press(path, page, **form):
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', read(page)))
    return browser.post(path, {**hidden, **form})
"""
CONSENT = """
page = browser.get("/auth/v1/authorize/", {
    "response_type": "code", "client_id": shop.client_id, "redirect_uri": "https://shop.example/",
    "scope": "notes:read", "code_challenge": "x" * 43, "code_challenge_method": "S256",
})
assert "luis@example.com" in read(page) and "ana@example.com" not in read(page)
answer = press("/auth/v1/authorize/", page, scopes="notes:read", decision="allow")
assert "code=" in answer["Location"], answer.headers
flush()
assert mail.outbox[0].to == ["luis@example.com"] and "luis@example.com" in mail.outbox[0].body
"""
DEVICE = """
form = f"client_id={till.client_id}&scope=notes:read"
encoded = "application/x-www-form-urlencoded"
code = browser.post("/auth/v1/device-authorization/", form, content_type=encoded).json()["user_code"]
page = browser.post("/auth/v1/device/", {"user_code": code})
assert "luis@example.com" in read(page)
"""
OWNER = """
read(browser.get("/auth/v1/mis-aplicaciones/"))
settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "REGISTRATION": "staff"}
assert browser.get("/auth/v1/mis-aplicaciones/nueva/").status_code == 403
"""


@pytest.mark.parametrize("what", [CONSENT, DEVICE, OWNER], ids=["consent", "device", "owner"])
def test_a_user_model_without_names_is_served(what: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", SITE + what]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.sites.bare.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
