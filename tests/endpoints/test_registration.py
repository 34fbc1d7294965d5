"""A client registers itself and goes on as any other of its kind."""

import time

import pytest
from django.test import Client

from multinexo_oauth.models import Application, Event
from multinexo_oauth.signals import client_registered
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import answered
from tests.registration import CALLBACK, JSON, REGISTER, client_of, good, post, registered

pytestmark = pytest.mark.usefixtures("open_registration")
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


@proves("registration-answer")
def test_the_answer_says_what_is_registered():
    answer = post(
        good(
            client_name="  Agente de  ventas ",
            client_uri="https://agent.example/",
            policy_uri="https://agent.example/privacy",
            tos_uri="https://agent.example/terms",
            contacts=["+54 11 5555", "help@agent.example", "other@agent.example"],
            scope="products:read",
            software_id="agent",
            jwks={"keys": []},
            logo_uri="https://agent.example/logo.png",
        )
    )
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    client_id = told.pop("client_id")
    assert told.pop("registration_access_token")
    assert told.pop("registration_client_uri") == f"http://testserver/auth/v1/register/{client_id}/"
    assert abs(told.pop("client_id_issued_at") - time.time()) < 60
    assert told == {
        "client_name": "Agente de ventas",
        "application_type": "web",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": "products:read",
        "client_uri": "https://agent.example/",
        "policy_uri": "https://agent.example/privacy",
        "tos_uri": "https://agent.example/terms",
        "contacts": ["help@agent.example"],
    }


@proves("registration-answer")
@pytest.mark.parametrize(
    ("metadata", "kind", "method"),
    [
        ({}, "spa", "none"),
        ({"application_type": "web", "redirect_uris": ["http://localhost:6274/callback"]}, "spa", "none"),
        ({"application_type": "native"}, "native", "none"),
        ({"redirect_uris": ["com.example.agent:/callback"]}, "native", "none"),
        ({"redirect_uris": ["http://127.0.0.1/callback"], "application_type": "native"}, "native", "none"),
        ({"redirect_uris": ["http://localhost:33418/"], "application_type": "native"}, "native", "none"),
        ({"token_endpoint_auth_method": None, "application_type": "native"}, "native", "none"),
        ({"token_endpoint_auth_method": None}, "web", "client_secret_basic"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "web", "client_secret_basic"),
        ({"token_endpoint_auth_method": "client_secret_post"}, "web", "client_secret_post"),
        ({"grant_types": [DEVICE_CODE], "redirect_uris": None}, "device", "none"),
        ({"grant_types": [DEVICE_CODE, "refresh_token"], "redirect_uris": []}, "device", "none"),
    ],
)
def test_its_kind_follows_from_what_it_says(metadata, kind, method):
    answer = registered(**metadata)
    client = Application.objects.get(client_id=answer["client_id"])
    assert client.kind == kind
    assert answer["token_endpoint_auth_method"] == method
    assert ("client_secret" in answer) is (method != "none")
    client.full_clean()


@proves("registration-replaces")
def test_what_the_site_does_not_offer_is_left_out():
    answer = registered(
        grant_types=["authorization_code", "refresh_token", "implicit", "client_credentials", DEVICE_CODE],
        response_types=["code", "id_token"],
        scope="documents:write products:read unknown",
        client_name=None,
        client_uri="",
        tos_uri=None,
    )
    assert answer["grant_types"] == ["authorization_code", "refresh_token"]
    assert answer["response_types"] == ["code"]
    assert answer["scope"] == "products:read"
    assert answer["client_name"] == "agent.example"
    assert "client_uri" not in answer


@proves("registration-scopes")
def test_without_scopes_it_gets_what_the_site_gives_such_clients():
    assert registered()["scope"] == "products:read products:write"


@proves("registration-credentials")
def test_its_credentials_are_told_once_and_kept_as_digests():
    answer = registered(token_endpoint_auth_method="client_secret_basic")
    client = Application.objects.get(client_id=answer["client_id"])
    assert answer["client_secret_expires_at"] == 0
    assert client.secrets.get().digest == digest(answer["client_secret"])
    assert client.registration_token == digest(answer["registration_access_token"])
    assert client.client_secret == ""


@proves("registration-unverified")
def test_it_starts_unverified_and_owned_by_nobody():
    client = Application.objects.get(client_id=registered()["client_id"])
    assert (client.user, client.verified, client.resource_server) == (None, False, False)
    assert client.registration_source == "dcr"


@proves("registration-told")
def test_it_is_told_to_staff(caplog, django_capture_on_commit_callbacks):
    heard = []

    def hear(application, source, **kwargs):
        heard.append((application.name, source))

    client_registered.connect(hear)
    security = caplog.at_level("INFO", logger="multinexo_oauth.security")
    with security, django_capture_on_commit_callbacks(execute=True):
        answer = registered(token_endpoint_auth_method="client_secret_basic")
    client_registered.disconnect(hear)
    created = Event.objects.get(action="created")
    assert (created.address, created.detail, created.actor) == ("127.0.0.1", {"source": "dcr"}, None)
    record = next(record for record in caplog.records if getattr(record, "event", "") == "client_registered")
    assert (record.client_id, record.source) == (answer["client_id"], "dcr")
    assert heard == [("Agente", "dcr")]
    for credential in (answer["client_secret"], answer["registration_access_token"]):
        assert credential not in caplog.text
        assert credential not in str(vars(record))


@proves("registration-usable")
@pytest.mark.parametrize("method", ["none", "client_secret_basic"])
def test_it_gets_tokens(person, products, method):
    client = client_of(registered(token_endpoint_auth_method=method))
    tokens = person.tokens(client)
    assert tokens["scope"] == "products:read products:write"
    assert products.list(tokens["access_token"]).status_code == 200
    assert client.refresh(tokens["refresh_token"]).status_code == 200


@proves("registration-scopes")
def test_it_gets_what_it_registered_where_it_asks_for_no_scope(person):
    client = client_of(registered(scope="products:read"))
    assert person.tokens(client, scope=None)["scope"] == "products:read"


def test_a_device_starts(db):
    client = client_of(registered(grant_types=[DEVICE_CODE], redirect_uris=None))
    answer = client.post("/auth/v1/device-authorization/", {"scope": "products:read"})
    assert answer.status_code == 200


@proves("redirect-loopback")
@pytest.mark.parametrize(
    "metadata",
    [{"application_type": "native"}, {}, {"token_endpoint_auth_method": "client_secret_basic"}],
    ids=["installed", "browser", "confidential"],
)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_loopback_callback_of_a_client_that_registered_itself_matches_on_any_port(person, metadata, host):
    client = client_of(registered(redirect_uris=[f"http://{host}/callback"], **metadata))
    for port in ("", ":80", ":3031", ":65535"):
        assert person.visit(client, redirect_uri=f"http://{host}{port}/callback").status_code == 200
    assert person.visit(client, redirect_uri=f"http://{host}:3031/other").status_code == 400


@proves("registration-private-use")
@pytest.mark.parametrize("uri", ["cursor://anysphere.cursor-mcp/oauth/callback", "vscode:/callback"])
def test_an_editors_own_scheme_is_registered_and_gets_its_code(person, uri):
    client = client_of(registered(redirect_uris=[uri]))
    page = person.visit(client)
    scheme = uri.partition(":")[0]
    assert f"<strong>{scheme}</strong>" in page.content.decode()
    assert f"form-action 'self' {scheme}:;" in page["Content-Security-Policy"] + ";"
    answer = person.decide(page)
    assert answer["Location"].startswith(f"{uri}?code=")


@proves("registration-private-use")
def test_a_site_chooses_the_schemes(site, person):
    site(SELF_REGISTERED_SCHEMES=["agent"])
    told = registered(redirect_uris=["cursor://callback", "agent://callback"])
    assert told["redirect_uris"] == ["agent://callback"]
    client = client_of(told)
    site(SELF_REGISTERED_SCHEMES=[])
    assert person.visit(client).status_code == 400


@proves("public-client-on-device")
@pytest.mark.parametrize("application_type", ["native", "web"])
def test_a_public_client_on_this_device_is_asked_about_every_time(person, application_type):
    client = client_of(
        registered(redirect_uris=["http://127.0.0.1:3030/cb"], application_type=application_type)
    )
    person.consent(client)
    assert person.visit(client).status_code == 200


def test_a_client_on_a_server_is_asked_about_every_time_until_it_is_verified(person):
    client = client_of(registered())
    person.consent(client)
    assert person.visit(client).status_code == 200
    Application.objects.update(verified=True)
    assert "code" in answered(person.visit(client))


@proves("logout-registration")
def test_it_may_say_where_people_go_on_to_who_signed_out():
    goodbye = "https://agent.example/goodbye"
    answer = registered(post_logout_redirect_uris=[goodbye])
    assert answer["post_logout_redirect_uris"] == [goodbye]
    assert client_of(answer).application.post_logout_redirect_uri_allowed(goodbye)


@proves("registration-token")
@pytest.mark.usefixtures("by_token")
def test_an_initial_access_token_registers(service):
    service.application.scopes = "clients:register"
    service.application.save()
    token = service.token("client_credentials").json()["access_token"]
    assert post(good(), Authorization=f"Bearer {token}").status_code == 201


def test_any_page_may_register(db):
    origin = {"Origin": "http://localhost:6274"}
    preflight = Client().options(REGISTER, headers=origin | {"Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Methods"] == "POST, OPTIONS"
    assert "Content-Type" in preflight["Access-Control-Allow-Headers"]
    for answer in (preflight, post(good(), **origin), post(b"{", **origin)):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


def test_it_registers_without_the_slash_too():
    assert Client().post("/auth/v1/register", good(), content_type=JSON).status_code == 201


@proves("registration-metadata")
def test_the_metadata_names_the_endpoint():
    metadata = Client().get("/.well-known/oauth-authorization-server/auth/v1").json()
    assert metadata["registration_endpoint"] == "http://testserver/auth/v1/register/"
    assert "client_id_metadata_document_supported" not in metadata


@proves("registration-metadata")
def test_the_apis_metadata_names_the_scopes_that_such_clients_may_have():
    metadata = Client().get("/.well-known/oauth-protected-resource").json()
    assert metadata["scopes_supported"] == ["products:read", "products:write"]
    server = Client().get("/.well-known/oauth-authorization-server/auth/v1").json()
    assert "documents:read" in server["scopes_supported"]


def test_it_takes_few_queries(django_assert_max_num_queries):
    # Two savepoints' statements aside: the client, the event.
    with django_assert_max_num_queries(6):
        registered()


@proves("registration-replaces")
def test_what_a_device_has_no_use_for_is_left_out():
    answer = registered(
        grant_types=[DEVICE_CODE],
        redirect_uris=None,
        post_logout_redirect_uris=["https://agent.example/bye"],
    )
    assert "post_logout_redirect_uris" not in answer
    assert Application.objects.get().kind == "device"
