"""A client reads, changes and ends its own registration."""

import pytest
from django.test import Client

from multinexo_oauth.models import AccessToken, Application, ClientSecret, Consent, Event, Grant, RefreshToken
from tests.conformance import proves
from tests.registration import change, client_of, manage, registered

pytestmark = pytest.mark.usefixtures("open_registration")


@pytest.fixture
def answer():
    return registered()


@proves("management-read")
@pytest.mark.parametrize("method", ["none", "client_secret_post"])
def test_it_reads_what_it_registered(method):
    answer = registered(token_endpoint_auth_method=method, contacts=["help@agent.example"])
    read = manage("GET", answer)
    assert read.status_code == 200
    assert read["Cache-Control"] == "no-store"
    once = {"client_secret", "client_secret_expires_at"}
    assert read.json() == {name: value for name, value in answer.items() if name not in once}


@proves("management-change")
def test_it_changes_everything_at_once(answer):
    after = change(
        answer, client_name="Otro", redirect_uris=["https://other.example/cb"], scope="products:read"
    )
    assert after.status_code == 200
    told = after.json()
    assert (told["client_name"], told["redirect_uris"]) == ("Otro", ["https://other.example/cb"])
    assert told["registration_access_token"] == answer["registration_access_token"]
    client = Application.objects.get(client_id=answer["client_id"])
    assert (client.name, client.scopes) == ("Otro", "products:read")
    assert client.allowed_origins == "https://other.example"
    changed = Event.objects.get(action="changed")
    assert {"name", "redirect_uris", "scopes"} <= set(changed.detail["fields"])


@proves("management-change")
def test_what_is_left_out_is_emptied():
    answer = registered(tos_uri="https://agent.example/terms", contacts=["help@agent.example"])
    after = change(answer, tos_uri=None, contacts=None, client_name=None)
    assert "tos_uri" not in after.json()
    assert "contacts" not in after.json()
    assert after.json()["client_name"] == "agent.example"


@proves("management-narrows")
def test_narrowing_its_scopes_narrows_what_people_granted(person, answer):
    client = client_of(answer)
    tokens = person.tokens(client)
    change(answer, scope="products:read")
    assert client.refresh(tokens["refresh_token"]).json()["scope"] == "products:read"


@proves("management-change")
def test_it_may_say_its_secret(answer):
    answer = registered(token_endpoint_auth_method="client_secret_basic")
    after = change(answer, client_secret=answer["client_secret"])
    assert after.status_code == 200
    assert "client_secret" not in after.json()


def test_it_may_move_from_the_browser_to_a_program(answer):
    after = change(answer, redirect_uris=["com.example.agent:/cb"], application_type="native")
    assert after.json()["application_type"] == "native"
    assert Application.objects.get().allowed_origins == ""


@proves("management-narrows")
@pytest.mark.parametrize(
    ("staffs", "asked", "left"),
    [
        ("products:read", "products:read products:write", "products:read"),
        ("products:read", None, "products:read"),
        ("companies:read products:write", "companies:read", "companies:read"),
        ("companies:read", "products:write", "companies:read"),
        ("products:*", None, "products:*"),
    ],
)
def test_the_scopes_of_a_verified_client_are_staffs(answer, staffs, asked, left):
    Application.objects.update(verified=True, scopes=staffs, default_scopes=staffs)
    assert change(answer, scope=asked).json()["scope"] == left
    client = Application.objects.get()
    assert (client.scopes, client.verified) == (left, True)


@proves("management-verification")
@pytest.mark.parametrize(
    ("changes", "still"),
    [
        ({"client_name": "Multinexo"}, False),
        ({"redirect_uris": ["https://evil.example/"]}, False),
        ({"client_uri": "https://evil.example/"}, False),
        ({"contacts": ["help@bank.example"]}, False),
        ({"policy_uri": "https://bank.example/privacy"}, False),
        ({"tos_uri": "https://bank.example/terms"}, False),
        ({"scope": "products:read"}, True),
        ({}, True),
    ],
)
def test_what_staff_vouched_for_and_has_changed_is_no_longer_verified(answer, changes, still):
    Application.objects.update(verified=True)
    assert change(answer, **changes).status_code == 200
    assert Application.objects.get().verified is still


@proves("management-delete")
def test_it_ends_with_everything_that_came_of_it(person, products, answer):
    client = client_of(answer)
    tokens = person.tokens(client)
    gone = manage("DELETE", answer)
    assert (gone.status_code, gone.content) == (204, b"")
    assert products.list(tokens["access_token"]).status_code == 401
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert person.visit(client).status_code == 400
    assert manage("GET", answer).status_code == 401
    assert not AccessToken.objects.exists()
    assert not Consent.objects.exists()
    assert Event.objects.get(action="deleted").application_name == "Agente"


@proves("management-delete")
def test_its_codes_and_secrets_end_too(person):
    answer = registered(token_endpoint_auth_method="client_secret_basic")
    client = client_of(answer)
    codes = [person.consent(client) for _ in range(2)]
    assert client.exchange(codes[0]).status_code == 200
    assert manage("DELETE", answer).status_code == 204
    assert client.exchange(codes[1]).status_code == 401
    for model in (Grant, ClientSecret, AccessToken, RefreshToken, Consent, Application):
        assert not model.objects.exists()


def test_any_page_may_manage(answer):
    path = answer["registration_client_uri"].removeprefix("http://testserver")
    preflight = Client().options(path, headers={"Origin": "https://agent.example"})
    assert preflight["Access-Control-Allow-Methods"] == "GET, PUT, DELETE, OPTIONS"
    assert "Authorization" in preflight["Access-Control-Allow-Headers"]
    assert manage("GET", answer, Origin="https://agent.example")["Access-Control-Allow-Origin"] == "*"


def test_it_reads_in_one_query(answer, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        manage("GET", answer)
