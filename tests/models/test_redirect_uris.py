"""Which redirect URIs a kind may register, and which requested one matches: the rules of SCENARIOS, a row each."""

import pytest
from django.core.exceptions import ValidationError

from multinexo_oauth.models import Application
from multinexo_oauth.redirect_uris import origin_of, problems
from tests.conformance import proves


def registered(kind, uri, **fields):
    """Return the problems that registering the URI meets, by field."""
    application = Application(kind=kind, name="Una", redirect_uris=uri, **fields)
    try:
        application.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@proves("redirect-loopback", "redirect-private-use", "redirect-claimed")
@pytest.mark.parametrize(
    ("kind", "uri"),
    [
        ("web", "https://app.example/callback"),
        ("web", "https://app.example:8443/callback?tenant=1"),
        ("web", "http://127.0.0.1:8000/callback"),
        ("web", "http://[::1]/callback"),
        ("web", "http://localhost:3000/callback"),
        ("spa", "https://app.example/"),
        ("spa", "http://localhost:5173/"),
        ("native", "http://127.0.0.1/callback"),
        ("native", "http://[::1]:9/callback"),
        ("native", "com.example.app:/oauth2redirect"),
        ("native", "https://app.example/claimed"),
    ],
)
def test_it_may_be_registered(db, kind, uri):
    assert registered(kind, uri) == {}


@proves(
    "redirect-http",
    "redirect-private-use",
    "redirect-complete",
    "redirect-refused",
    "redirect-reported",
    "redirect-dots",
)
@pytest.mark.parametrize(
    ("kind", "uri"),
    [
        ("web", "http://app.example/callback"),
        ("web", "http://127.0.0.2/callback"),
        ("web", "http://localhost.evil.example/"),
        ("web", "com.example.app:/oauth2redirect"),
        ("spa", "com.example.app:/oauth2redirect"),
        ("native", "cursor://callback"),
        ("native", "http://localhost.evil.example/callback"),
        ("web", "https://app.example/cb/../evil"),
        ("web", "https://app.example/cb/%2e%2E/evil"),
        ("spa", "https://app.example/cb/..%2fevil"),
        ("native", "com.example.app:/./cb"),
        ("native", "myapp:/callback"),
        ("native", "com.example.app://callback"),
        ("native", "com.example.app:callback"),
        ("web", "https://app.example/#fragment"),
        ("web", "https://app.example/#"),
        ("web", "https://user:password@app.example/"),
        ("web", "https://@app.example/"),
        ("web", "https://*.example/"),
        ("web", "https://app.example/*"),
        ("web", "https://app.example/\\evil"),
        ("web", "https:///callback"),
        ("web", "https:callback"),
        ("web", "https://app.example:99999999/"),
        ("web", "/callback"),
        ("web", "callback"),
        ("web", "https://ñ.example/"),
        ("web", "https://app.example/" + "x" * 3000),
        ("native", "javascript:alert(1)"),
        ("native", "data:text/html,x"),
        ("native", "file:///etc/passwd"),
        ("native", "vbscript:x"),
        ("native", "blob:https://app.example/x"),
        ("native", "intent:#Intent;end"),
        ("native", "com.example.app:////evil.example/callback"),
        ("web", "https://evil;x[::1]/x"),
        ("native", "http://[::1]evil/callback"),
        ("web", "https://app.example:/callback"),
        ("web", "https://app.example/callback?code=x"),
        ("web", "https://app.example/callback?iss="),
    ],
)
def test_it_is_refused_beside_its_field(db, kind, uri):
    assert set(registered(kind, uri)) == {"redirect_uris"}


@proves("redirect-needed")
@pytest.mark.parametrize("kind", ["web", "spa", "native"])
def test_a_kind_with_a_browser_needs_one(db, kind):
    assert "redirect_uris" in registered(kind, "")


@proves("redirect-needed")
@pytest.mark.parametrize("kind", ["device", "service"])
def test_a_kind_without_a_browser_takes_none(db, kind):
    assert registered(kind, "") == {}
    assert "redirect_uris" in registered(kind, "https://app.example/callback")


@proves("redirect-reported")
def test_every_bad_line_is_reported_by_name(db):
    problems = registered("web", "http://a.example/\nhttps://b.example/\nhttp://c.example/")["redirect_uris"]
    assert [problem.split(":\n")[0] for problem in problems] == ["http://a.example/", "http://c.example/"]


@proves("redirect-exact", "redirect-loopback", "redirect-private-use")
@pytest.mark.parametrize(
    ("requested", "allowed"),
    [
        ("https://app.example/callback", True),
        ("https://app.example/callback/", False),
        ("https://app.example/Callback", False),
        ("https://APP.example/callback", False),
        ("https://app.example:443/callback", False),
        ("https://app.example/callback?x=1", False),
        ("https://app.example/call%62ack", False),
        ("https://app.example/x/../callback", False),
        ("http://app.example/callback", False),
        ("http://127.0.0.1:50000/callback", True),
        ("http://127.0.0.1/callback", True),
        ("http://[::1]:50000/callback", True),
        ("http://127.0.0.1:50000/other", False),
        ("http://127.0.0.1:50000/callback?x=1", False),
        ("http://127.0.0.1:99999999/callback", False),
        ("http://user@127.0.0.1:50000/callback", False),
        ("http://localhost:50000/callback", False),
        ("https://127.0.0.1:50000/callback", False),
        ("com.example.app:/callback", True),
        ("com.example.app:/other", False),
        ("com.example.app:50000/callback", False),
    ],
)
def test_a_requested_one_is_compared_exactly_but_for_a_loopback_port(requested, allowed):
    application = Application(
        kind="native",
        redirect_uris="https://app.example/callback http://127.0.0.1:8000/callback http://[::1]/callback "
        "com.example.app:/callback",
    )
    assert application.redirect_uri_allowed(requested) is allowed


@proves("redirect-stored", "redirect-http")
@pytest.mark.parametrize(
    "uri", ["http://evil.example/callback", "javascript:alert(1)", "https://a;script-src/x"]
)
def test_one_that_the_rules_refuse_is_no_good_though_it_is_stored(uri):
    assert not Application(kind="web", redirect_uris=uri).redirect_uri_allowed(uri)


@proves("origins-exact")
@pytest.mark.parametrize("origin", ["https://app.example", "http://localhost:5173", "http://127.0.0.1:8000"])
def test_a_page_may_name_its_origins(db, origin):
    assert registered("spa", "https://app.example/", allowed_origins=origin) == {}


@proves("origins-exact")
@pytest.mark.parametrize(
    "origin",
    ["https://app.example/", "https://app.example/path", "*", "null", "http://app.example", "app.example"],
)
def test_an_origin_that_is_none_is_refused_beside_its_field(db, origin):
    assert set(registered("spa", "https://app.example/", allowed_origins=origin)) == {"allowed_origins"}


@proves("origins-exact")
def test_no_other_kind_takes_origins(db):
    assert set(registered("web", "https://app.example/", allowed_origins="https://app.example")) == {
        "allowed_origins"
    }


@proves("scopes-registered")
@pytest.mark.parametrize("field", ["default_scopes", "required_scopes"])
def test_default_and_required_permissions_are_of_the_allow_list(db, field):
    problems = registered("web", "https://app.example/", scopes="products:read", **{field: "products:write"})
    assert set(problems) == {field}


@proves("scopes-registered")
def test_a_permission_that_the_catalogue_lacks_is_refused(db):
    assert set(registered("web", "https://app.example/", scopes="unknown")) == {"scopes"}


@proves("logout-registration")
@pytest.mark.parametrize(
    ("kind", "uri"),
    [("web", "com.example.app:/bye"), ("spa", "http://app.example/bye")],
)
def test_addresses_after_signing_out_follow_the_rules_of_the_kind(db, kind, uri):
    callback = "https://app.example/callback"
    assert set(registered(kind, callback, post_logout_redirect_uris=uri)) == {"post_logout_redirect_uris"}


@proves("logout-registration")
@pytest.mark.parametrize("kind", ["device", "service"])
def test_a_kind_without_redirect_uris_has_none_after_signing_out(db, kind):
    found = registered(kind, "", post_logout_redirect_uris="https://app.example/bye")
    assert set(found) == {"post_logout_redirect_uris"}


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://app.example:443/callback", "https://app.example"),
        ("http://127.0.0.1:80/callback", "http://127.0.0.1"),
        ("http://127.0.0.1:443/callback", "http://127.0.0.1:443"),
        ("https://app.example:80/callback", "https://app.example:80"),
        ("https://APP.example:8443/", "https://app.example:8443"),
        ("http://[::1]:5173/", "http://[::1]:5173"),
        ("com.example.app:/callback", None),
    ],
)
def test_an_origin_is_as_browsers_write_it_without_the_port_of_its_scheme(uri, origin):
    """RFC 6454 section 6.2."""
    assert origin_of(uri) == origin


@pytest.mark.parametrize("name", ["code", "state", "iss", "error", "error_description"])
def test_a_query_holds_nothing_that_the_answer_adds(name):
    assert problems(f"https://app.example/?a=b&{name}=x", "web")
    assert not problems(f"https://app.example/?a=b&{name}_of=x", "web")
