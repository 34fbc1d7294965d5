"""A site that is set up wrongly is told so at start, with the way out."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import checks
from django.test import override_settings

from multinexo_oauth import defaults
from multinexo_oauth.checks.settings import check_timeouts_of_caches
from tests.conformance import proves

# Django asks the database in some of its own checks.
pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent


def found():
    return {
        message.id: message for message in checks.run_checks() if message.id.startswith("multinexo_oauth.")
    }


def test_the_example_project_is_set_up_right(settings):
    settings.DEBUG = True
    assert found() == {}


@pytest.mark.parametrize("name", [name for name in defaults.__all__ if name.endswith("_MODEL")])
def test_e001_a_model_that_is_not_swapped_in(name):
    with override_settings(**{name: "oauth2_provider.Other"}):
        message = found()["multinexo_oauth.E001"]
    assert name in message.msg
    assert "from multinexo_oauth.defaults import *" in message.hint


@pytest.mark.parametrize("order", ["after", "without"])
def test_e002_listed_after_django_oauth_toolkit_or_without_it(order, settings):
    others = [app for app in settings.INSTALLED_APPS if app != "oauth2_provider"]
    with override_settings(INSTALLED_APPS=["oauth2_provider", *others] if order == "after" else others):
        assert "multinexo_oauth.E002" in found()


@pytest.mark.parametrize(
    ("name", "entry", "words"),
    [
        ("with space", {"label": "x"}, "no scope name"),
        ('quote"', {"label": "x"}, "no scope name"),
        ("ñ", {"label": "x"}, "no scope name"),
        ("ok", {}, "no label"),
        ("ok", "a text", "no label"),
        ("ok", {"label": "x", "sensible": True}, "sensible"),
        ("ok", {"label": "x", "implies": ["unknown"]}, "unknown"),
    ],
)
def test_e003_a_malformed_scope_catalogue(name, entry, words):
    with override_settings(MULTINEXO_OAUTH={"SCOPES": {name: entry}}):
        message = found()["multinexo_oauth.E003"]
    assert words in message.msg
    assert message.hint


@pytest.mark.parametrize("name", ["a b", 'a"b', "a\\b", "a\x7fb", "a\x1fb", "", " "])
def test_e003_a_character_that_no_scope_may_have(name):
    with override_settings(MULTINEXO_OAUTH={"SCOPES": {name: {"label": "x"}}}):
        assert "no scope name" in found()["multinexo_oauth.E003"].msg


@pytest.mark.parametrize("name", ["!~#[]", "!", "~", "#", "[", "]", "a*b"])
def test_e003_is_not_raised_by_the_outermost_characters_that_a_scope_may_have(name):
    """RFC 6749 section 3.3: `%x21 / %x23-5B / %x5D-7E`."""
    with override_settings(MULTINEXO_OAUTH={"SCOPES": {name: {"label": "x"}}}):
        assert "multinexo_oauth.E003" not in found()


@proves("metadata-issuer")
def test_e004_no_issuer_outside_debug(settings):
    settings.DEBUG = False
    settings.MULTINEXO_OAUTH = {}
    assert "ISSUER" in found()["multinexo_oauth.E004"].msg
    settings.DEBUG = True
    assert "multinexo_oauth.E004" not in found()


@pytest.mark.parametrize(
    "issuer", ["http://example.com", "https://example.com/?a=b", "https://example.com/#a", "x"]
)
def test_e005_an_issuer_that_is_none(settings, issuer):
    settings.DEBUG = False
    settings.MULTINEXO_OAUTH = {"ISSUER": issuer}
    assert "multinexo_oauth.E005" in found()


@proves("never-a-session")
@pytest.mark.parametrize(
    ("setting", "entry"),
    [
        ("AUTHENTICATION_BACKENDS", "oauth2_provider.backends.OAuth2Backend"),
        ("MIDDLEWARE", "oauth2_provider.middleware.OAuth2TokenMiddleware"),
    ],
)
def test_w001_an_access_token_that_makes_a_session(settings, setting, entry):
    setattr(settings, setting, [*getattr(settings, setting), entry])
    assert entry in found()["multinexo_oauth.W001"].msg


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OAUTH2_VALIDATOR_CLASS", "oauth2_provider.oauth2_validators.OAuth2Validator"),
        ("SCOPES_BACKEND_CLASS", "oauth2_provider.scopes.SettingsScopes"),
        ("PKCE_REQUIRED", False),
        ("ROTATE_REFRESH_TOKEN", False),
        ("ALLOW_URI_WILDCARDS", True),
        ("COMPLIANT_BCP_RFC9700_TOKEN_STORAGE", False),
        ("COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT", False),
    ],
)
def test_e006_an_unsafe_value_of_the_provider(settings, name, value):
    settings.OAUTH2_PROVIDER = copy.deepcopy(defaults.OAUTH2_PROVIDER) | {name: value}
    message = found()["multinexo_oauth.E006"]
    assert name in message.msg
    assert "Set it to" in message.hint


def test_what_the_provider_lacks_is_told_as_such(settings):
    settings.OAUTH2_PROVIDER = {}
    messages = found()
    assert messages["multinexo_oauth.E006"].msg.partition("]")[2].startswith(" is not set: ")
    assert messages["multinexo_oauth.W002"].msg.endswith(" is not set.")


@pytest.mark.parametrize("name", ["ACCESS_TOKEN_EXPIRE_SECONDS", "AUTHORIZATION_CODE_EXPIRE_SECONDS"])
def test_w002_something_that_lives_too_long(settings, name):
    settings.OAUTH2_PROVIDER = copy.deepcopy(defaults.OAUTH2_PROVIDER) | {name: 10_000_000}
    assert name in found()["multinexo_oauth.W002"].msg


def test_e007_nobody_knows_who_may_register(settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "REGISTRATION": "everybody"}
    assert "everybody" in found()["multinexo_oauth.E007"].msg


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"DYNAMIC_REGISTRATION": True}, "is True"),
        ({"DYNAMIC_REGISTRATION": "closed"}, "'closed'"),
        ({"DYNAMIC_REGISTRATION": "token"}, "no 'clients:register'"),
        ({"DYNAMIC_REGISTRATION": "token", "REGISTRATION_TOKEN_SCOPE": "other"}, "no 'other'"),
    ],
)
def test_e012_nobody_knows_how_clients_register(settings, values, words):
    settings.MULTINEXO_OAUTH = (
        settings.MULTINEXO_OAUTH | {"SELF_REGISTERED_SCOPES": ["products:read"]} | values
    )
    assert words in found()["multinexo_oauth.E012"].msg


@pytest.mark.parametrize("scheme", ["javascript", "https", "Cursor", "cursor:", "", None, 1])
def test_e019_a_scheme_that_is_no_applications_own(settings, scheme):
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"SELF_REGISTERED_SCHEMES": ["vscode", scheme]}
    assert repr(scheme) in found()["multinexo_oauth.E019"].msg


@pytest.mark.parametrize("way", [{"DYNAMIC_REGISTRATION": "open"}, {"CLIENT_ID_METADATA_DOCUMENTS": True}])
@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        ([], "is empty"),
        (["unknown"], "'unknown', which is not in the catalogue"),
        (["products:read", "clients:register"], "could register others"),
        (["everything"], "could register others"),
    ],
)
def test_e013_clients_that_register_themselves_and_may_ask_for_the_wrong_things(settings, way, scopes, words):
    added = {
        "clients:register": {"label": "Register clients"},
        "everything": {"label": "Everything", "implies": ["clients:register"]},
    }
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        **way,
        "SCOPES": settings.MULTINEXO_OAUTH["SCOPES"] | added,
        "SELF_REGISTERED_SCOPES": scopes,
    }
    assert words in found()["multinexo_oauth.E013"].msg


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"DYNAMIC_REGISTRATION": "open", "SELF_REGISTERED_SCOPES": ["products:read"]},
        {"CLIENT_ID_METADATA_DOCUMENTS": True, "SELF_REGISTERED_SCOPES": ["products:read"]},
    ],
)
def test_a_site_where_clients_register_themselves_is_set_up_right(settings, values):
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | values
    assert not {"multinexo_oauth.E012", "multinexo_oauth.E013"} & found().keys()


@pytest.mark.parametrize(
    "name", ["files.example.com", "https://files.example/#a", "https://files.example/?a", "https://["]
)
def test_e009_a_resource_that_is_no_identifier(settings, name):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "RESOURCES": ["https://good.example", name]}
    assert name in found()["multinexo_oauth.E009"].msg


def test_e010_a_token_cache_that_is_not_there(settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    assert "tokens" in found()["multinexo_oauth.E010"].msg


def test_e016_a_message_that_does_not_exist(settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "EMAILS": ["device_authorized", "birthday"]}
    assert "birthday" in found()["multinexo_oauth.E016"].msg
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "EMAILS": None}
    assert "multinexo_oauth.E016" not in found()


def test_w004_a_token_cache_that_each_process_has_for_itself(settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "default"}
    assert "60 seconds" in found()["multinexo_oauth.W004"].msg
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:6379"}
    settings.CACHES = {"default": redis}
    assert "multinexo_oauth.W004" not in found()


@pytest.mark.parametrize(
    ("cache", "warned"),
    [
        ({"BACKEND": "django.core.cache.backends.redis.RedisCache"}, True),
        ({"BACKEND": "django.core.cache.backends.redis.RedisCache", "OPTIONS": {"socket_timeout": 1}}, False),
        (
            {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://h?socket_timeout=1",
            },
            False,
        ),
        ({"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache"}, True),
        (
            {"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "OPTIONS": {"timeout": 1}},
            False,
        ),
        ({"BACKEND": "multinexo_oauth.redis_cache.RedisCache"}, False),
        ({"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}, False),
    ],
)
@pytest.mark.parametrize("alias", ["default", "tokens"])
def test_w009_a_cache_that_lets_requests_wait_for_ever(settings, cache, warned, alias):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {"default": memory, "tokens": memory, alias: cache}
    # Not with Django's checks, which import the backend and so its client.
    assert [warning.id for warning in check_timeouts_of_caches()] == ["multinexo_oauth.W009"] * warned


@proves("resource-restricts")
@pytest.mark.parametrize(
    ("hosts", "warned"),
    [
        ([".example.com"], True),
        (["*"], True),
        (["www.example.com"], False),
        (["*.example.com", ".other.example"], False),
        ([".example.com", "files.example.com"], False),
    ],
)
def test_w006_another_apis_host_that_any_request_may_name(settings, hosts, warned):
    """Whoever gets a token for that API could bring it here, and say that here is there."""
    settings.ALLOWED_HOSTS = hosts
    assert "multinexo_oauth.W006" not in found()
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "RESOURCES": ["https://Files.example.com/a"]}
    assert ("multinexo_oauth.W006" in found()) is warned


def test_w003_a_sqlite_database_that_two_requests_may_find_locked(settings):
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.DATABASES = {"default": sqlite}
    assert "multinexo_oauth.W003" in found()


def checked(site):
    """Return what `manage.py check` prints at a site of tests/sites."""
    command = [sys.executable, "-m", "django", "check", "--settings", f"tests.sites.{site}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stderr


def test_a_site_without_the_defaults_hears_which_line_to_paste():
    told = checked("unswapped")
    assert told.count("multinexo_oauth.E001") == 6
    assert "from multinexo_oauth.defaults import *" in told


def test_a_site_with_the_apps_in_the_wrong_order_hears_the_right_one():
    assert "multinexo_oauth.E002" in checked("misordered")


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("logins", "10/min"),
        ("token", "10"),
        ("token", "ten/min"),
        ("token", "0/min"),
        ("token", "5/x"),
        ("token", 5),
    ],
)
@proves("throttled-settings")
def test_e011_a_throttle_that_limits_nothing(name, rate):
    with override_settings(MULTINEXO_OAUTH={"THROTTLES": {name: rate}}):
        message = found()["multinexo_oauth.E011"]
    assert f"[{name!r}]" in message.msg
    assert "10/10min" in message.hint


@pytest.mark.parametrize("rates", [None, {}, {"token": None}, {"token": "5/s", "revocation": "100/3hours"}])
@proves("throttled-settings")
def test_rates_as_a_site_writes_them(rates, settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "THROTTLES": rates}
    assert "multinexo_oauth.E011" not in found()


@pytest.mark.parametrize(("proxies", "warned"), [(None, True), (0, False), (2, False)])
@proves("throttled-address")
def test_w005_a_deployment_that_does_not_say_how_many_proxies_it_has(proxies, warned, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    ids = {message.id for message in checks.run_checks(include_deployment_checks=True)}
    assert ("multinexo_oauth.W005" in ids) is warned
