"""Permissions under `&`, `|` and `~`: who is let in, and which scopes a refusal names."""

import pytest

from tests.conformance import proves

pytestmark = proves("bearer-composed")


@pytest.mark.parametrize(
    ("name", "scope", "status", "named"),
    [
        ("read-and-companies", "products:read companies:read", 200, None),
        ("read-and-companies", "products:read", 403, "companies:read products:read"),
        ("read-and-companies", "", 403, "companies:read products:read"),
        ("read, companies", "products:read companies:read", 200, None),
        ("read, companies", "", 403, "companies:read products:read"),
        ("read-or-companies", "products:read", 200, None),
        ("read-or-companies", "companies:read", 200, None),
        ("read-or-companies", "documents:read", 403, "products:read"),
        ("read-or-companies, write", "products:write", 200, None),
        ("read-or-companies, write", "products:read", 403, "products:read products:write"),
        ("read-or-companies, write", "", 403, "products:read products:write"),
        ("not-read", "companies:read", 200, None),
        ("not-read", "products:read", 403, None),
        ("not-(read-or-companies)", "", 200, None),
        ("not-(read-or-companies)", "companies:read", 403, None),
        ("all-or-write", "products:write", 200, None),
        ("all-or-write", "companies:read documents:read", 200, None),
        ("all-or-write", "", 403, "products:write"),
        ("all-or-write", "companies:read", 403, "companies:read documents:read"),
        ("some-and-read", "documents:read", 403, "documents:read products:read"),
        ("some-and-read", "documents:read products:read", 200, None),
        ("admin-or-read", "products:read", 200, None),
        ("admin-or-read", "", 403, "products:read"),
        ("read-or-admin", "products:read", 200, None),
        ("read-or-admin", "", 403, "products:read"),
        ("admin-and-read", "", 403, None),
        ("read-and-admin", "", 403, "products:read"),
        ("read-and-admin", "products:read", 403, None),
        ("read, asks-name", "companies:read products:read", 200, None),
        ("read, asks-name", "products:read", 403, None),
        ("read, asks-name", "", 403, "products:read"),
        ("(read-and-admin)-or-companies", "companies:read", 200, None),
        ("(read-and-admin)-or-companies", "products:read", 403, "companies:read"),
        ("(read-and-not-companies)-or-documents", "products:read", 200, None),
        (
            "(read-and-not-companies)-or-documents",
            "products:read companies:read",
            403,
            "companies:read documents:read",
        ),
        ("session-or-read", "products:read", 200, None),
        ("session-or-read", "", 403, "products:read"),
        ("token", "", 200, None),
        ("person's token", "", 200, None),
        ("application's token", "products:read", 403, None),
        ("never", "products:read", 403, None),
    ],
)
def test_a_token(api, token, challenge, name, scope, status, named):
    answer = api.ask(f"composed/{name}", token(scope))
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer) == bool(named)
    if named:
        assert challenge(answer)["error"] == "insufficient_scope"
        assert challenge(answer)["scope"] == named


@pytest.mark.parametrize(
    ("name", "status"), [("person's token", 403), ("application's token", 200), ("token", 200)]
)
def test_a_token_of_an_application_for_itself(api, token, name, status):
    assert api.ask(f"composed/{name}", token(user=None)).status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("read-and-companies", 403),
        ("read-or-companies", 403),
        ("not-read", 200),
        ("admin-or-read", 403),
        ("session-or-read", 200),
        ("token", 403),
        ("application's token", 403),
    ],
)
def test_a_session(api, luis, name, status):
    api.force_login(luis)
    answer = api.ask(f"composed/{name}")
    assert answer.status_code == status
    assert "WWW-Authenticate" not in answer


@pytest.mark.parametrize("name", ["admin-or-read", "read-or-admin"])
def test_a_session_of_staff(api, admin_user, name):
    api.force_login(admin_user)
    assert api.ask(f"composed/{name}").status_code == 200


@pytest.mark.parametrize(
    "name", ["read-and-companies", "read-or-companies", "admin-or-read", "session-or-read", "token"]
)
def test_a_stranger(api, db, challenge, name):
    answer = api.ask(f"composed/{name}")
    assert answer.status_code == 401
    assert "error" not in challenge(answer)


@pytest.mark.parametrize(
    ("path", "scope", "status", "named"),
    [
        ("thing-of-others", "products:read", 200, None),
        ("thing-of-others", "products:write", 403, None),
        ("thing-of-owner", "products:read", 200, None),
        ("thing-of-owner", "", 403, None),
        ("thing-of-owner-with-scope", "products:read", 403, None),
        ("thing-of-owner-with-scope", "", 403, "products:read"),
    ],
)
def test_an_object(api, token, challenge, path, scope, status, named):
    answer = api.ask(path, token(scope))
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer) == bool(named)
    if named:
        assert challenge(answer)["scope"] == named


@pytest.mark.parametrize("path", ["thing-of-owner", "thing-of-owner-with-scope"])
def test_an_object_of_the_person(api, token, application, path):
    assert api.ask(path, token("products:read", user=application.user)).status_code == 200
