"""A typing error in the settings, or an address that leads nowhere, is found at start."""

import pytest
from django.core import checks
from django.urls import clear_script_prefix, include, path, set_script_prefix

from multinexo_oauth.urls import well_known

pytestmark = pytest.mark.django_db
OURS = path("auth/v1/", include("multinexo_oauth.urls"))
WELL_KNOWN = path("", include(well_known))


def found(identifier):
    return [message for message in checks.run_checks() if message.id == f"multinexo_oauth.{identifier}"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("ISUER", "ISSUER"), ("TOKEN_CACHE_SECOND", "TOKEN_CACHE_SECONDS"), ("XYZ", "BRAND_NAME")],
)
def test_e017_a_name_that_is_no_setting(settings, name, words):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, name: "x"}
    [message] = found("E017")
    assert repr(name) in message.msg
    assert words in message.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUERY_TOKENS", "False"),
        ("LOGOUT_ALWAYS_ASKS", None),
        ("REFRESH_GRACE_SECONDS", "10"),
        ("REFRESH_GRACE_SECONDS", -1),
        ("REFRESH_GRACE_SECONDS", None),
        ("LIVE_SECRETS", 0),
        ("LIVE_SECRETS", True),
        ("EVENT_DAYS", "365"),
        ("CLAIMS", "nowhere.at_all"),
        ("CLAIMS", "multinexo_oauth.defaults.LOGIN"),
        ("CLAIMS_IN_ID_TOKEN", "no"),
        ("EMAIL_VERIFIED", "email_verified"),
        ("EMAIL_VERIFIED", "nowhere.at_all"),
        ("EMAIL_VERIFIED", 1),
    ],
)
def test_e018_a_value_of_another_kind(settings, name, value):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, name: value}
    [message] = found("E018")
    assert f"MULTINEXO_OAUTH[{name!r}] is {value!r}" in message.msg
    assert message.hint.startswith("Use ")


@pytest.mark.parametrize(
    "name", ["CLAIMS_SUPPORTED", "EMAILS", "RESOURCES", "SELF_REGISTERED_SCOPES", "SIGNING_KEYS"]
)
def test_e018_a_text_for_a_list_is_told_without_it(settings, name):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, name: "of a private key"}
    [message] = found("E018")
    assert message.msg == f"MULTINEXO_OAUTH[{name!r}] is of type str."
    assert message.hint == "Use a list."
    assert found("E016") == []


@pytest.mark.parametrize("value", [True, False, None, "is_staff", "multinexo_oauth.people.email"])
def test_what_tells_of_verified_addresses_is_good(settings, value):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "EMAIL_VERIFIED": value}
    assert found("E018") == []


@pytest.mark.parametrize("name", ["EVENT_DAYS", "REFRESH_LIFETIME_SECONDS", "CLAIMS"])
def test_none_is_good_where_it_means_something(settings, name):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, name: None}
    assert found("E018") == []


class Urls:
    def __init__(self, *urlpatterns):
        self.urlpatterns = list(urlpatterns)


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        (Urls(), "multinexo_oauth.urls"),
        (Urls(WELL_KNOWN), "multinexo_oauth.urls"),
        (Urls(OURS), "well_known"),
    ],
)
def test_w007_urls_that_are_not_included(settings, urls, words):
    settings.ROOT_URLCONF = urls
    [message] = found("W007")
    assert f"does not include {words}." in message.msg


@pytest.mark.parametrize(
    ("issuer", "wrong"),
    [
        ("https://example.com/oauth", True),
        ("https://example.com", True),
        ("https://example.com/auth/v1", False),
        ("https://example.com/auth/v1/", False),
        ("https://example.com/under/auth/v1", False),
    ],
)
def test_w007_an_issuer_elsewhere_than_the_urls(settings, issuer, wrong):
    settings.ROOT_URLCONF = Urls(WELL_KNOWN, OURS)
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "ISSUER": issuer}
    assert [issuer.rstrip("/") in message.msg for message in found("W007")] == [True] * wrong


@pytest.mark.parametrize(
    ("login", "wrong"),
    [
        ("nowhere", True),
        ("/accounts/login/", True),
        ("multinexo_oauth:device", False),
        ("/auth/v1/device/?a=b", False),
        ("https://id.example.com/login", False),
    ],
)
def test_w008_a_login_page_that_is_not_there(settings, login, wrong):
    settings.ROOT_URLCONF = Urls(WELL_KNOWN, OURS)
    settings.LOGIN_URL = login
    assert len(found("W008")) == wrong


@pytest.mark.parametrize(
    ("login", "wrong"),
    [
        ("multinexo_oauth:device", False),
        ("/tienda/auth/v1/device/", False),
        ("/auth/v1/device/", True),
        ("/tiendaauth/v1/device/", True),
        ("nowhere", True),
        ("https://id.example.com/login", False),
    ],
)
@pytest.mark.parametrize("prefix", ["/tienda", "/tienda/"])
def test_w008_a_site_under_a_path_of_its_host(settings, login, wrong, prefix):
    settings.ROOT_URLCONF = Urls(WELL_KNOWN, OURS)
    settings.LOGIN_URL = login
    set_script_prefix(prefix)  # as django.setup() does of FORCE_SCRIPT_NAME
    try:
        assert len(found("W008")) == wrong
    finally:
        clear_script_prefix()


DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
DJANGO_CSP = "csp.middleware.CSPMiddleware"


@pytest.mark.parametrize(
    ("sources", "wrong"),
    [
        (["'self'"], True),
        (("'self'",), True),
        ({"'self'", "'none'"}, True),
        ("'self'", True),
        (["'self'", "https:"], False),
        (["'self'", "https://app.example"], False),
        (["*"], False),
        ([], False),
        (None, False),
    ],
)
@pytest.mark.parametrize(
    ("middleware", "policy"),
    [
        (DJANGO, lambda sources: {"SECURE_CSP": {"form-action": sources}}),
        (DJANGO_CSP, lambda sources: {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"form-action": sources}}}),
        (DJANGO_CSP, lambda sources: {"CSP_FORM_ACTION": sources}),
    ],
)
def test_w011_a_policy_that_strands_people_on_the_login_page(settings, middleware, policy, sources, wrong):
    for name, value in policy(sources).items():
        setattr(settings, name, value)
    assert not found("W011")  # nothing sends it
    add(settings, middleware)
    assert len(found("W011")) == wrong


@pytest.mark.parametrize("middleware", [DJANGO, DJANGO_CSP])
def test_w011_a_policy_without_the_directive(settings, middleware):
    settings.SECURE_CSP = {"default-src": ["'self'"]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"]}}
    add(settings, middleware)
    assert not found("W011")


def add(settings, middleware):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, middleware]
