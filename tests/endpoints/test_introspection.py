"""A resource server asks what a token is good for (RFC 7662)."""

import pytest

from tests.conformance import proves
from tests.endpoints.openid import SCOPES
from tests.oauth import INTROSPECT, register


@pytest.fixture
def resource_server(owner):
    client = register(owner, "service", name="API")
    client.application.resource_server = True
    client.application.save()
    return client


def ask(client, token):
    return client.post(INTROSPECT, {"token": token})


@proves("introspect-answer", "introspect-whose")
def test_a_resource_server_learns_what_a_token_is_good_for(resource_server, person, web, tokens):
    answer = ask(resource_server, tokens["access_token"])
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert told["exp"] - told["iat"] in {899, 900}
    assert told == {
        "active": True,
        "scope": "products:read products:write",
        "client_id": web.client_id,
        "username": "luis",
        "sub": str(person.user.pk),
        "aud": "http://testserver",
        "iss": "http://testserver/auth/v1",
        "token_type": "Bearer",
        "exp": told["exp"],
        "iat": told["iat"],
    }


@proves("introspect-whose")
def test_a_client_may_ask_about_its_own_tokens(web, tokens):
    assert ask(web, tokens["access_token"]).json()["active"] is True
    assert ask(web, tokens["refresh_token"]).json()["active"] is True


@proves("introspect-person")
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_client_learns_no_more_of_a_person_than_its_token_lets_it(web, tokens, kind):
    told = ask(web, tokens[kind]).json()
    assert told["scope"] == "products:read products:write"
    assert {"username", "sub"}.isdisjoint(told)


@proves("introspect-person")
def test_a_client_that_registered_itself_learns_no_more_either(owner, person):
    client = register(owner, "web", redirect_uris="https://web.example/callback", registration_source="dcr")
    told = ask(client, person.tokens(client)["access_token"]).json()
    assert told["active"] is True
    assert {"username", "sub"}.isdisjoint(told)


@proves("introspect-person")
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize(
    ("scope", "learnt"),
    [
        ("openid", {"sub"}),
        ("profile", {"username"}),
        ("email", set()),
        ("openid profile", {"sub", "username"}),
    ],
)
def test_a_client_learns_of_a_person_what_openid_and_profile_let_it(login, person, scope, learnt, kind):
    told = ask(login, person.tokens(login, scope=scope)[kind]).json()
    of_person = {"username": "luis", "sub": str(person.user.pk)}
    assert {name: told[name] for name in of_person if name in told} == {
        name: value for name, value in of_person.items() if name in learnt
    }


@pytest.fixture
def account(owner, site, settings):
    """A client with a permission that brings `openid` and, by another one, `profile` along."""
    more = {
        "account:read": {"label": "See your account", "implies": ["openid", "account:name"]},
        "account:name": {"label": "See your name", "implies": ["profile"]},
    }
    site(SCOPES=settings.MULTINEXO_OAUTH["SCOPES"] | more)
    return register(
        owner, "web", redirect_uris="https://account.example/callback", scopes=f"account:read {SCOPES}"
    )


@proves("introspect-person")
def test_a_permission_that_brings_openid_and_profile_along_counts_as_they_do(account, person):
    told = ask(account, person.tokens(account, scope="account:read")["access_token"]).json()
    assert told["scope"] == "account:read"
    assert (told["username"], told["sub"]) == ("luis", str(person.user.pk))


@proves("introspect-person")
def test_a_permission_that_left_the_catalogue_is_not_listed(login, person, site, settings):
    token = person.tokens(login, scope="openid profile")["access_token"]
    catalogue = settings.MULTINEXO_OAUTH["SCOPES"]
    site(SCOPES={name: entry for name, entry in catalogue.items() if name != "profile"}, SIGNING_KEYS=[])
    assert {"username", "sub"}.isdisjoint(ask(login, token).json())


@proves("introspect-person")
def test_a_client_that_staff_no_longer_marks_learns_no_more_of_a_person(owner, person):
    client = register(owner, "web", redirect_uris="https://web.example/callback", resource_server=True)
    token = person.tokens(client)["access_token"]
    assert ask(client, token).json()["username"] == "luis"
    client.application.resource_server = False
    client.application.save()
    assert {"username", "sub"}.isdisjoint(ask(client, token).json())


@proves("introspect-whose")
def test_a_client_learns_nothing_of_anothers(owner, tokens):
    other = register(owner, "service")
    assert ask(other, tokens["access_token"]).json() == {"active": False}


@proves("introspect-whose")
def test_a_resource_server_takes_no_refresh_token_for_an_access_token(resource_server, tokens):
    """Most look at `active` alone: one that lives for months would open their API."""
    assert ask(resource_server, tokens["refresh_token"]).json() == {"active": False}


@proves("introspect-inactive")
@pytest.mark.parametrize("token", ["unknown", "ñ", "%zz", "a.b.c"])
def test_an_unknown_token_is_inactive(resource_server, token):
    assert ask(resource_server, token).json() == {"active": False}


@proves("introspect-inactive")
def test_a_dead_token_is_inactive(resource_server, person, web, tokens):
    person.user.is_active = False
    person.user.save()
    assert ask(resource_server, tokens["access_token"]).json() == {"active": False}
    person.user.is_active = True
    person.user.save()
    web.application.suspend()
    assert ask(resource_server, tokens["access_token"]).json() == {"active": False}
    assert ask(resource_server, tokens["refresh_token"]).json() == {"active": False}


@proves("introspect-answer")
def test_a_services_token_names_the_client_as_its_subject(resource_server, service):
    token = service.token("client_credentials").json()["access_token"]
    for caller in (resource_server, service):
        told = ask(caller, token).json()
        assert told["sub"] == service.client_id
        assert "username" not in told


@proves("introspect-client", "client-waived-for-none")
def test_nobody_asks_without_a_secret(spa, resource_server, tokens):
    for client in (spa, resource_server):
        client.secret = None
        answer = ask(client, tokens["access_token"])
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Basic")


@proves("introspect-post")
def test_a_missing_token_is_an_invalid_request(resource_server):
    assert resource_server.post(INTROSPECT, {}).json()["error"] == "invalid_request"


@proves("introspect-post")
def test_only_post_is_answered(resource_server):
    assert resource_server.http.get(INTROSPECT, {"token": "x"}).status_code == 405
