"""Where django-allauth keeps people's addresses, programs hear whether an address is verified."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import proves

ROOT = Path(__file__).resolve().parent.parent
# Signs a person in for each situation, and prints what ID token and userinfo said, and what userinfo cost.
SITE = """
import json, re, sys
import django; django.setup()
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from allauth.account.models import EmailAddress
from multinexo_oauth.models import Application
from tests.endpoints.openid import DISCOVERY, SCOPES, userinfo, verified
from tests.oauth import Person, register

setup_test_environment()
call_command("migrate", verbosity=0)
owner = User.objects.create_user("owner")
other = User.objects.create_user("other")
client = register(owner, "web", redirect_uris="https://login.example/callback", scopes=SCOPES)
person = Person(User.objects.create_user("luis"))
given = settings.MULTINEXO_OAUTH
said = {}
for name, case in json.loads(sys.argv[1]).items():
    settings.MULTINEXO_OAUTH = {**given, **case.get("settings", {})}
    User.objects.filter(pk=person.user.pk).update(email=case["email"])
    EmailAddress.objects.all().delete()
    for address, is_verified in case["addresses"].items():
        EmailAddress.objects.create(user=person.user, email=address, verified=is_verified)
    EmailAddress.objects.create(user=other, email="luis@example.com", verified=False)
    tokens = person.tokens(client, scope=case.get("scope", SCOPES), prompt="consent")
    userinfo(tokens["access_token"])
    with CaptureQueriesContext(connection) as captured:
        told = userinfo(tokens["access_token"]).json()
    queries = sum("account_emailaddress" in query["sql"] for query in captured)
    said[name] = {
        "id_token": verified(tokens["id_token"], client.client_id),
        "userinfo": told,
        "queries": queries,
        "supported": Client().get(DISCOVERY).json()["claims_supported"],
    }
print(json.dumps(said))
"""
TRUE: dict[str, Any] = {"EMAIL_VERIFIED": True}
CASES: dict[str, dict[str, Any]] = {
    "verified": {"email": "luis@example.com", "addresses": {"luis@example.com": True}},
    "not verified": {"email": "luis@example.com", "addresses": {"luis@example.com": False}},
    "written in capitals": {"email": "Luis@Example.com", "addresses": {"luis@example.com": True}},
    "not verified, whatever the setting": {
        "email": "luis@example.com",
        "addresses": {"luis@example.com": False},
        "settings": TRUE,
    },
    "another of theirs is": {"email": "luis@example.com", "addresses": {"second@example.com": True}},
    "one that resembles it is": {"email": "luis@example.com", "addresses": {"luís@example.com": True}},
    "not recorded": {"email": "luis@example.com", "addresses": {}},
    "not recorded, the setting knows": {"email": "luis@example.com", "addresses": {}, "settings": TRUE},
    "no address": {"email": "", "addresses": {"luis@example.com": True}, "settings": TRUE},
    "not asked for": {
        "email": "luis@example.com",
        "addresses": {"luis@example.com": True},
        "scope": "openid profile",
    },
}
EXPECTED = {
    "verified": True,
    "not verified": False,
    "written in capitals": True,
    "not verified, whatever the setting": False,
    "another of theirs is": None,
    "one that resembles it is": None,
    "not recorded": None,
    "not recorded, the setting knows": True,
    "no address": None,
    "not asked for": None,
}


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """Return what programs hear in each case, of a site of its own."""
    command = [sys.executable, "-W", "ignore", "-c", SITE, json.dumps(CASES)]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.sites.allauth_accounts", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@proves("email-verified")
@pytest.mark.parametrize("case", CASES)
def test_programs_hear_what_allauth_knows_of_this_very_address(said: dict[str, Any], case: str) -> None:
    for told in (said[case]["id_token"], said[case]["userinfo"]):
        assert told.get("email_verified") is EXPECTED[case]
        assert EXPECTED[case] is None or told["email"] == CASES[case]["email"]
    assert "email_verified" in said[case]["supported"]


@proves("email-verified")
@pytest.mark.parametrize(("case", "queries"), [("verified", 1), ("no address", 0), ("not asked for", 0)])
def test_it_costs_one_query_at_most(said: dict[str, Any], case: str, queries: int) -> None:
    assert said[case]["queries"] == queries
