"""A client whose id is the address of a document is what the document says, now and as it changes."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from multinexo_oauth.models import Application, Consent, Event
from multinexo_oauth.signals import client_registered
from tests.conformance import proves
from tests.documents import client_at

pytestmark = pytest.mark.usefixtures("documents_site")


def outdated(by=timedelta(seconds=1)):
    """Let the documents that are known have been good until then, and let nobody have asked since."""
    cache.clear()
    Application.objects.update(cimd_expires_at=timezone.now() - by)


@proves("document-client")
def test_the_document_is_the_registration(person, products, documents):
    address = documents.publish(
        client_uri="https://agent.example/",
        policy_uri="https://agent.example/privacy",
        contacts=["help@agent.example"],
        scope="products:read",
    )
    client = client_at(address)
    tokens = person.tokens(client, scope="products:read")
    assert products.list(tokens["access_token"]).status_code == 200
    assert client.refresh(tokens["refresh_token"]).status_code == 200
    stored = Application.objects.get()
    assert (stored.client_id, stored.name, stored.kind) == (address, "Asistente", "native")
    assert (stored.scopes, stored.support_email) == ("products:read", "help@agent.example")
    assert (stored.user, stored.verified, stored.registration_source) == (None, False, "cimd")
    assert documents.asked == ["/client.json"]
    stored.full_clean()


@proves("document-client")
def test_a_client_on_a_server_is_a_public_one(person, documents):
    address = documents.publish(redirect_uris=["https://agent.example/cb"], application_type=None)
    client = client_at(address)
    client.redirect_uri = "https://agent.example/cb"
    assert person.tokens(client)["scope"] == "products:read products:write"
    assert Application.objects.get().kind == "spa"


@proves("document-told")
def test_it_is_told_to_staff(person, documents, caplog, django_capture_on_commit_callbacks):
    heard = []

    def hear(application, source, **kwargs):
        heard.append((application.client_id, source))

    address = documents.publish()
    client_registered.connect(hear)
    security = caplog.at_level("INFO", logger="multinexo_oauth.security")
    with security, django_capture_on_commit_callbacks(execute=True):
        person.visit(client_at(address))
    client_registered.disconnect(hear)
    created = Event.objects.get(action="created")
    assert (created.address, created.detail) == ("127.0.0.1", {"source": "cimd"})
    record = next(record for record in caplog.records if getattr(record, "event", "") == "client_registered")
    assert (record.client_id, record.source, record.address) == (address, "cimd", "127.0.0.1")
    assert heard == [(address, "cimd")]


@proves("document-cached")
@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        (None, 86400),
        ("max-age=3600", 3600),
        ("public, Max-Age = 3600", 3600),
        ("max-age=1", 300),
        ("max-age=99999999999999999999", 86400),
        ("no-store, max-age=3600", 300),
        ("nonsense", 86400),
    ],
)
def test_it_is_good_for_as_long_as_its_host_says_within_bounds(person, documents, cache_control, seconds):
    headers = {"Cache-Control": cache_control} if cache_control else {}
    person.visit(client_at(documents.publish(headers=headers)))
    good_for = Application.objects.get().cimd_expires_at - timezone.now()
    assert abs(good_for - timedelta(seconds=seconds)) < timedelta(seconds=30)


@proves("document-cached")
def test_it_is_fetched_once_while_it_is_good(person, documents):
    client = client_at(documents.publish())
    for _ in range(3):
        person.visit(client)
    assert len(documents.asked) == 1


@proves("document-refreshed")
def test_it_is_fetched_again_when_it_is_out_of_date(person, documents):
    client = client_at(documents.publish())
    person.visit(client)
    documents.publish(client_name="Asistente nuevo", redirect_uris=["http://127.0.0.1/otro"])
    assert person.visit(client).status_code == 200
    outdated()
    assert person.visit(client).status_code == 400
    assert person.visit(client, redirect_uri="http://127.0.0.1:1/otro").status_code == 200
    stored = Application.objects.get()
    assert stored.name == "Asistente nuevo"
    assert stored.cimd_expires_at > timezone.now()
    assert len(documents.asked) == 2
    assert "name" in Event.objects.get(action="changed").detail["fields"]


@proves("document-refreshed")
def test_it_is_fetched_again_at_the_token_endpoint(person, documents):
    client = client_at(documents.publish())
    tokens = person.tokens(client)
    documents.publish(scope="products:read")
    outdated()
    assert client.refresh(tokens["refresh_token"]).json()["scope"] == "products:read"


@proves("document-refreshed")
def test_what_staff_vouched_for_and_has_changed_is_no_longer_verified(person, documents):
    client = client_at(documents.publish())
    person.visit(client)
    Application.objects.update(verified=True)
    outdated()
    person.visit(client)
    assert Application.objects.get().verified
    documents.publish(client_name="Multinexo")
    outdated()
    person.visit(client)
    assert not Application.objects.get().verified


@proves("document-outage")
@pytest.mark.parametrize("days", [0, 2])
def test_a_client_outlives_an_outage_of_its_host(person, documents, days):
    client = client_at(documents.publish())
    tokens = person.tokens(client)
    documents.withdraw()
    outdated(timedelta(days=days, seconds=1))
    tokens = client.refresh(tokens["refresh_token"]).json()
    assert person.visit(client).status_code == 200
    assert client.refresh(tokens["refresh_token"]).status_code == 200
    assert len(documents.asked) == 2  # the first time, and once within the backoff


@proves("document-outage")
def test_a_client_comes_back_with_its_document(person, documents):
    client = client_at(documents.publish())
    tokens = person.tokens(client)
    documents.withdraw()
    outdated(timedelta(days=4))
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    documents.publish()
    outdated(timedelta(days=4))
    assert client.refresh(tokens["refresh_token"]).status_code == 200


class CacheThatIsDown(BaseCache):
    def __init__(self, _location, params):
        super().__init__(params)

    def _fail(self, *args, **kwargs):
        raise ConnectionError

    add = get = set = clear = _fail


@proves("document-refreshed")
def test_a_document_is_fetched_again_though_the_cache_is_down(person, documents):
    client = client_at(documents.publish())
    person.visit(client)
    documents.publish(client_name="Asistente nuevo")
    outdated()
    with override_settings(CACHES={"default": {"BACKEND": f"{__name__}.CacheThatIsDown"}}):
        assert "Asistente nuevo" in person.visit(client).content.decode()


@proves("document-metadata")
def test_the_metadata_says_so():
    metadata = Client().get("/.well-known/oauth-authorization-server/auth/v1").json()
    assert metadata["client_id_metadata_document_supported"] is True
    assert "registration_endpoint" not in metadata


@proves("document-client")
def test_a_person_removes_its_access_like_any_others(person, documents, products):
    client = client_at(documents.publish(redirect_uris=["https://agent.example/cb"], application_type=None))
    client.redirect_uri = "https://agent.example/cb"
    token = person.tokens(client)["access_token"]
    page = person.browser.get("/auth/v1/aplicaciones-conectadas/").content.decode()
    remove = reverse("multinexo_oauth:connection-remove", args=[client.client_id])
    assert remove in page
    confirm = person.browser.get(remove)
    assert confirm.status_code == 200
    csrf = confirm.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    person.browser.post(remove, {"csrfmiddlewaretoken": csrf})
    assert not Consent.objects.exists()
    assert products.list(token).status_code == 401


def test_a_known_client_costs_no_query_more(person, documents, django_assert_max_num_queries):
    client = client_at(documents.publish())
    person.visit(client)
    with django_assert_max_num_queries(7):  # two are a transaction's
        person.visit(client)


@proves("client-ids-exact")
def test_documents_whose_addresses_differ_in_case_are_clients_of_their_own(person, documents):
    clients = [
        client_at(documents.publish(path)) for path in ("/Client.json", "/client.json", "/CLIENT.json")
    ]
    for client in clients:
        person.tokens(client)
    assert documents.asked == ["/Client.json", "/client.json", "/CLIENT.json"]
    assert set(Application.objects.values_list("client_id", flat=True)) == {it.client_id for it in clients}
