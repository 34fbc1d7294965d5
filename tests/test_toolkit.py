"""Everything that django-oauth-toolkit brings, and what becomes of it in a site with this app.

A release that brings more fails here until somebody has looked at it.
"""

import importlib
import inspect
import io
import logging
import os
import pkgutil
import subprocess
import sys
from datetime import timedelta
from typing import Any

import oauth2_provider
import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command, get_commands
from django.urls import path
from django.utils import timezone
from oauth2_provider.contrib.rest_framework.authentication import OAuth2Authentication
from oauth2_provider.settings import DEFAULTS
from rest_framework.views import APIView

from multinexo_oauth import defaults
from multinexo_oauth.checks import toolkit
from multinexo_oauth.models import Application, ClientSecret
from tests.conformance import proves
from tests.oauth import OAuthClient

pytestmark = proves("toolkit-doors")

MODULES = {
    "admin": "registers the classes that *_ADMIN_CLASS names, which are ours",
    "apps": "stays installed",
    "backends": "W001 warns of it",
    "bcp": "used by its own views",
    "checks": "runs beside ours",
    "cimd": "replaced by multinexo_oauth.server.client_id_document; its fetcher's interface is ours too",
    "compat": "used inside",
    "contrib": "holds rest_framework",
    "contrib.ninja": "not used; it takes tokens of deactivated people, as contrib.rest_framework does",
    "contrib.rest_framework": "replaced by multinexo_oauth.rest_framework; W001 warns of its authentication",
    "contrib.rest_framework.authentication": "W001 warns of it",
    "contrib.rest_framework.permissions": "replaced by multinexo_oauth.rest_framework.permissions",
    "dcr": "replaced by multinexo_oauth.server.registration",
    "decorators": "replaced by multinexo_oauth.decorators",
    "exceptions": "used inside",
    "forms": "used by its own views",
    "generators": "used for client ids",
    "http": "used by its own views",
    "management": "holds commands",
    "management.commands": "all three replaced",
    "middleware": "W001 warns of it",
    "models": "base classes of ours",
    "oauth2_backends": "used by its own views",
    "oauth2_validators": "base class of ours; E006 refuses another one",
    "scopes": "replaced by multinexo_oauth.server.scopes_backend.CatalogueScopes; E006 refuses another one",
    "settings": "read; W012 names what has no effect",
    "signals": "not sent; multinexo_oauth.signals are",
    "urls": "not included: multinexo_oauth.urls are",
    "utils": "used inside",
    "validators": "not used: multinexo_oauth.redirect_uris are",
    "views": "not mounted: multinexo_oauth.endpoints and pages are",
    "www_authenticate": "used by its own views",
}
COMMANDS = {"clearcimdapplications", "cleartokens", "createapplication"}
WITHOUT_EFFECT = {name for name in DEFAULTS if name not in toolkit.READ and not name.startswith("_")}


def test_every_module_is_known() -> None:
    found = {
        info.name.removeprefix("oauth2_provider.")
        for info in pkgutil.walk_packages(oauth2_provider.__path__, "oauth2_provider.")
    }
    inner = {name for name in found if name.startswith(("migrations", "views.", "management.commands."))}
    assert found - inner == MODULES.keys()


def test_every_command_is_replaced() -> None:
    module = importlib.import_module("oauth2_provider.management.commands")
    assert {info.name for info in pkgutil.iter_modules(module.__path__)} == COMMANDS
    assert {get_commands()[name] for name in COMMANDS} == {"multinexo_oauth"}


def test_every_setting_is_read_or_warned_of(settings: Any) -> None:
    # The last one's mere presence is a DeprecationWarning.
    out = {"AUTHENTICATION_SERVER_EXP_TIME_ZONE"}
    names = {name for name in DEFAULTS if not name.startswith("_") and not name.endswith("_MODEL")} - out
    settings.OAUTH2_PROVIDER = dict.fromkeys(names) | defaults.OAUTH2_PROVIDER
    warned = {message.msg.split("'")[1] for message in run_checks() if message.id == "multinexo_oauth.W012"}
    assert warned == {name for name in WITHOUT_EFFECT if not name.endswith("_MODEL")} - out
    assert {"SCOPES", "OIDC_ENABLED", "REFRESH_TOKEN_EXPIRE_SECONDS", "CIMD_ALLOWED_HOSTS"} <= warned
    assert set(defaults.OAUTH2_PROVIDER) <= toolkit.READ
    assert set(toolkit.INSTEAD) <= WITHOUT_EFFECT


def test_a_warning_says_what_to_use_instead(settings: Any) -> None:
    settings.OAUTH2_PROVIDER = {**defaults.OAUTH2_PROVIDER, "SCOPES": {"read": "Read"}}
    hints = [message.hint for message in run_checks() if message.id == "multinexo_oauth.W012"]
    assert hints == ['Remove it, and use MULTINEXO_OAUTH["SCOPES"].']


@pytest.mark.parametrize(
    "name", ["multinexo_oauth.server.request_validator.RequestValidator2", "tests.x.Validator"]
)
def test_another_validator_is_refused(settings: Any, name: str) -> None:
    settings.OAUTH2_PROVIDER = {**defaults.OAUTH2_PROVIDER, "OAUTH2_VALIDATOR_CLASS": name}
    assert "multinexo_oauth.E006" in {message.id for message in run_checks()}


class TakesDeactivatedPeople(APIView):
    authentication_classes = [OAuth2Authentication]


class Subclass(OAuth2Authentication):
    """Another class of a site's."""


urlpatterns = [path("open/", TakesDeactivatedPeople.as_view())]


def warned_of() -> list[str]:
    return [message.msg for message in run_checks() if message.id == "multinexo_oauth.W001"]


def test_its_authentication_at_a_view_is_warned_of(settings: Any) -> None:
    assert not warned_of()
    settings.ROOT_URLCONF = "tests.test_toolkit"
    assert len(warned_of()) == 1
    assert "TakesDeactivatedPeople" in warned_of()[0]


@pytest.mark.parametrize(
    "used", ["oauth2_provider.contrib.rest_framework.OAuth2Authentication", "tests.test_toolkit.Subclass"]
)
def test_its_authentication_by_default_is_warned_of(settings: Any, used: str) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_AUTHENTICATION_CLASSES": [used]}
    assert any("DEFAULT_AUTHENTICATION_CLASSES" in told for told in warned_of())


@pytest.mark.django_db
class TestClients:
    def stored(self, name: str, **values: Any) -> Application:
        past = timezone.now() - timedelta(days=1)
        values = {
            "cimd_expires_at": past,
            "registration_source": Application.RegistrationSource.CIMD,
        } | values
        return Application.objects.create(
            kind="spa", name=name, client_id=f"https://{name}.example/c", **values
        )

    def test_clearing_leaves_clients_that_staff_verified_or_suspended_and_that_people_use(
        self, web: OAuthClient
    ) -> None:
        self.stored("unused")
        kept = [
            self.stored("verified", verified=True),
            self.stored("suspended", suspended_at=timezone.now()),
            self.stored("fresh", cimd_expires_at=timezone.now() + timedelta(days=1)),
            self.stored("manual", registration_source=Application.RegistrationSource.MANUAL),
        ]
        call_command("clearcimdapplications", stdout=(told := io.StringIO()))
        assert told.getvalue() == "Deleted 1 clients.\n"
        assert set(Application.objects.values_list("name", flat=True)) == {
            "Una web",
            *(one.name for one in kept),
        }

    def test_an_application_is_registered_and_its_secret_shown_once(self, owner: User) -> None:
        out = io.StringIO()
        arguments = [
            "web",
            "Tienda",
            "--user",
            "ana",
            "--redirect-uri",
            "https://a.example/cb",
            "--scope",
            "products:read",
        ]
        call_command("createapplication", *arguments, stdout=out)
        told = dict(line.split("=") for line in out.getvalue().splitlines())
        application = Application.objects.get()
        assert (application.client_id, application.user) == (told["client_id"], owner)
        assert ClientSecret.objects.matching(told["client_secret"]).get().application == application

    @pytest.mark.parametrize(
        ("arguments", "problem"),
        [
            (["web", "Tienda", "--user", "ana"], "redirect_uris"),
            (["web", "Tienda", "--user", "nobody"], "no person"),
            (["service", "Tienda", "--user", "ana", "--scope", "unknown"], "scopes"),
            (["implicit", "Tienda", "--user", "ana"], "invalid choice"),
        ],
    )
    def test_what_cannot_be_registered_is_said(self, owner: User, arguments: list[str], problem: str) -> None:
        with pytest.raises(CommandError, match=problem):
            call_command("createapplication", *arguments)
        assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("level", "expected"), [("ERROR", logging.ERROR), ("DEBUG", logging.INFO), ("INFO", logging.INFO)]
)
@pytest.mark.parametrize("logger", ["oauthlib", ""])
def test_a_sites_level_of_oauthlibs_log_is_raised_from_debug_and_never_lowered(
    level: str, expected: int, logger: str
) -> None:
    program = (
        "import logging, django\n"
        f"logging.getLogger({logger!r}).setLevel({level!r})\n"
        "django.setup()\n"
        "print(logging.getLogger('oauthlib').getEffectiveLevel())"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == expected


def test_its_public_classes_of_the_api_are_replaced() -> None:
    theirs = importlib.import_module("oauth2_provider.contrib.rest_framework")
    names = {name for name, found in vars(theirs).items() if inspect.isclass(found)}
    assert names == {
        "IsAuthenticatedOrTokenHasScope",
        "OAuth2Authentication",
        "OAuth2ProtectedResourceAuthentication",
        "TokenHasReadWriteScope",
        "TokenHasResourceScope",
        "TokenHasScope",
        "TokenMatchesOASRequirements",
    }
