"""A document that is not good makes no client, and fetching it does nobody harm."""

import json
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address

import pytest
from django.core.cache import cache
from django.utils import timezone

from multinexo_oauth.models import Application
from multinexo_oauth.server.clients.document import slots
from multinexo_oauth.server.clients.fetcher import DocumentFetcher, Unfetched
from multinexo_oauth.server.clients.public_addresses import is_public
from tests.conformance import proves
from tests.documents import LoopbackFetcher, client_at
from tests.oauth import offered, register

pytestmark = pytest.mark.usefixtures("documents_site")


def unknown(person, address):
    """Visit as that client, see the error page of an unknown one, and find nothing stored."""
    page = person.visit(client_at(address))
    assert page.status_code == 400
    assert "Unknown client_id" in page.content.decode()
    assert not Application.objects.filter(registration_source="cimd").exists()


@proves("document-off")
def test_a_site_that_does_not_want_them_fetches_nothing(person, documents, settings):
    client = client_at(documents.publish())
    tokens = person.tokens(client)
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"CLIENT_ID_METADATA_DOCUMENTS": False}
    assert person.visit(client).status_code == 400
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert len(documents.asked) == 1


@proves("document-address")
@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("https:", "http:"),
        lambda address: address.replace("https:", "HTTPS:"),
        lambda address: address.replace("/client.json", ""),
        lambda address: address + "#fragment",
        lambda address: address + "#",
        lambda address: address.replace("localhost", "user@localhost"),
        lambda address: address.replace("localhost", "user:password@localhost"),
        lambda address: address.replace("/client", "/./client"),
        lambda address: address.replace("/client", "/x/../client"),
        lambda address: address.replace("/client", "/x/%2E%2e/client"),
        lambda address: address.replace("/client", "/x/.%2e/client"),
        lambda address: address + "/..",
        lambda address: address.replace("/client", "\\client"),
        lambda address: address + " ",
        lambda address: address + "\x00",
        lambda address: address + "ñ",
        lambda address: "https:///client.json",
        lambda address: "https://localhost:99999999/client.json",
        lambda address: "https://[::1/client.json",
        lambda address: address + "?" + "x" * 255,
    ],
)
def test_an_address_that_is_none(person, documents, change):
    unknown(person, change(documents.publish()))
    assert documents.asked == []


@proves("document-good")
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "https://localhost/client.json"},
        {"client_id": 1},
        {"client_secret": "x"},
        {"client_secret": ""},
        {"client_secret_expires_at": 0},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"redirect_uris": None},
        {"redirect_uris": []},
        {"redirect_uris": ["http://agent.example/"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": "https://agent.example/"},
        {"grant_types": ["client_credentials"]},
        {"grant_types": ["urn:ietf:params:oauth:grant-type:device_code"]},
        {"grant_types": ["urn:ietf:params:oauth:grant-type:device_code"], "redirect_uris": None},
        {"grant_types": 1},
        {"client_name": "Asistente\u202e"},
        {"client_name": "\x00"},
        {"scope": "documents:write"},
    ],
)
def test_a_document_that_is_not_good(person, documents, changes):
    unknown(person, documents.publish(**changes))


@proves("document-fetch")
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"[" * 10_000])
def test_an_answer_that_is_no_document(person, documents, body):
    unknown(person, documents.answer("/client.json", body))


@proves("document-fetch")
@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (404, {}),
        (500, {}),
        (201, {}),
        (302, {"Location": "/other.json"}),
        (200, {"Content-Type": "text/html"}),
        (200, {"Content-Type": "text/plain; charset=application/json"}),
    ],
)
def test_a_document_that_its_host_does_not_give_as_one(person, documents, status, headers):
    documents.publish("/other.json", client_id=f"{documents.origin}/client.json")
    unknown(person, documents.publish(headers=headers, status=status))
    assert documents.asked == ["/client.json"]


@proves("document-fetch")
@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "application/client-metadata+json"]
)
def test_a_document_of_a_kind_of_json(person, documents, content_type):
    address = documents.publish(headers={"Content-Type": content_type})
    assert person.visit(client_at(address)).status_code == 200


@proves("document-fetch")
def test_a_document_that_is_too_large(person, documents):
    unknown(person, documents.publish(client_uri="https://agent.example/", padding="x" * 20_000))


@proves("document-fetch")
def test_a_document_that_is_larger_than_the_site_wants(person, documents, settings):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_MAX_DOCUMENT_SIZE": 1000}
    address = f"{documents.origin}/client.json"
    good = json.dumps({"client_id": address, "redirect_uris": ["http://127.0.0.1/callback"]}).encode()
    documents.answer("/client.json", good.ljust(1001))
    unknown(person, address)
    cache.clear()
    documents.answer("/client.json", good.ljust(1000))
    assert person.visit(client_at(address)).status_code == 200


@contextmanager
def listening(serve):
    """Serve one connection in a thread, and give an address at it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run():
            try:
                connection, _from = server.accept()
                with connection:
                    serve(connection)
            except OSError:
                return

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"https://localhost:{server.getsockname()[1]}/client.json"


def drip(handler):
    """Write without ever ending: a byte each tenth of a second."""
    try:
        while True:
            handler.wfile.write(b" ")
            time.sleep(0.1)
    except OSError:
        return


def drip_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    drip(handler)


def drip_headers(handler):
    handler.send_response(200)
    handler.flush_headers()
    handler.wfile.write(b"X-Long:")
    drip(handler)


@proves("document-fetch")
@pytest.mark.parametrize("answer", [drip_body, drip_headers])
@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/1.1"])
def test_a_host_that_drips_is_cut_off(person, documents, settings, answer, protocol):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_FETCH_TIMEOUT_SECONDS": 0.5}

    def slowly(handler):
        handler.protocol_version = protocol
        answer(handler)

    documents.answers["/client.json"] = slowly
    started = time.monotonic()
    unknown(person, f"{documents.origin}/client.json")
    assert time.monotonic() - started < 5


class ManyAddresses(LoopbackFetcher):
    """One to which every host has a hundred addresses."""

    def addresses(self, host, port):
        yield from ["127.0.0.1"] * 100


@proves("document-fetch")
def test_a_host_with_many_addresses_drips_at_one_alone(person, documents, settings):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {
        "CIMD_FETCH_TIMEOUT_SECONDS": 0.5,
        "CIMD_METADATA_FETCHER": f"{__name__}.ManyAddresses",
    }
    documents.answers["/client.json"] = lambda handler: time.sleep(2)
    unknown(person, f"{documents.origin}/client.json")
    assert len(documents.asked) == 1


@proves("document-fetch")
def test_a_host_that_takes_its_time_to_connect_has_less_left_to_drip(
    person, documents, settings, monkeypatch
):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_FETCH_TIMEOUT_SECONDS": 1}

    def connect_late(*args):
        time.sleep(0.8)
        return connect(*args)

    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", connect_late)
    documents.answers["/client.json"] = drip_body
    started = time.monotonic()
    unknown(person, f"{documents.origin}/client.json")
    assert time.monotonic() - started < 1.6


class NameServer:
    """One that does not answer until it is told to, and how often it was asked."""

    def __init__(self):
        self.before = set(threading.enumerate())
        self.answers = threading.Event()
        self.asked = 0

    def getaddrinfo(self, *args, **kwargs):
        self.asked += 1
        self.answers.wait(30)
        raise socket.gaierror("unknown")

    def answer(self):
        self.answers.set()
        for thread in set(threading.enumerate()) - self.before:
            thread.join()


@pytest.fixture
def name_server(monkeypatch, settings):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_FETCH_TIMEOUT_SECONDS": 0.1}
    server = NameServer()
    monkeypatch.setattr(socket, "getaddrinfo", server.getaddrinfo)
    yield server
    server.answer()


@proves("document-fetch")
def test_a_name_server_that_does_not_answer_holds_nobody_up(person, name_server):
    started = time.monotonic()
    unknown(person, "https://silent.example/client.json")
    assert time.monotonic() - started < 2
    assert name_server.asked == 1


@proves("document-fetch")
def test_names_that_hang_are_not_looked_up_without_end(name_server):
    for number in range(12):
        with pytest.raises(Unfetched):
            DocumentFetcher().fetch(f"https://silent.example/{number}.json")
    assert name_server.asked == 10
    name_server.answer()
    with pytest.raises(Unfetched, match="unknown"):
        DocumentFetcher().fetch("https://silent.example/last.json")
    assert name_server.asked == 11


@proves("document-fetch")
@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n\r\n{}", b"\x16\x03\x01"])
def test_a_host_that_speaks_no_tls(person, settings, said):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_FETCH_TIMEOUT_SECONDS": 0.5}

    def serve(connection):
        connection.sendall(said)
        connection.recv(10_000)
        while connection.recv(10_000):
            pass

    with listening(serve) as address:
        unknown(person, address)


@proves("document-fetch")
def test_a_host_whose_certificate_nobody_knows(person, documents, settings):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_METADATA_FETCHER": f"{__name__}.Distrustful"}
    unknown(person, documents.publish())
    assert documents.asked == []


class Distrustful(DocumentFetcher):
    """To it this machine is the Internet, and no certificate is good but the known authorities'."""

    def allows(self, address):
        return True


@proves("document-ssrf")
@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "169.254.169.254", "10.0.0.1"]
)
def test_an_address_of_the_servers_own_network(person, documents, settings, host):
    fetcher = "multinexo_oauth.server.clients.fetcher.DocumentFetcher"
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_METADATA_FETCHER": fetcher}
    address = documents.publish().replace("localhost", host)
    unknown(person, address)
    with pytest.raises(Unfetched, match="public Internet"):
        DocumentFetcher().fetch(address)
    assert documents.asked == []


@proves("document-ssrf")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe", "fec0::1",
        "192.0.0.1", "192.0.0.8", "192.0.0.11", "192.0.0.170", "192.0.0.192", "192.0.0.255", "192.0.2.1",
        "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "239.255.255.255",
        "2001::", "2001:1::4", "2001:2::1", "2001:5::1", "2001:10::1", "2001:1ff:ffff::1", "2001:db8::1",
        "3fff::1", "3fff:fff::1", "5f00::1", "100::1", "100:0:0:1::1", "::ffff:192.0.0.192", "64:ff9b::c000:c0",
        "2002:c000:c0::1",
        "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
        "192.0.0.9", "192.0.0.10", "192.0.1.1", "192.88.98.1", "198.17.255.255", "198.20.0.1", "223.255.255.255",
        "2001:1::1", "2001:1::2", "2001:1::3", "2001:3::1", "2001:4:112::1", "2001:20::1", "2001:30::1", "2001:200::1",
        "3ffe::1", "2620:4f:8000::1",
    ],
)  # fmt: skip
def test_addresses_that_are_public(address):
    assert is_public(ip_address(address))


def test_a_host_that_says_much_fills_no_log(person, documents, caplog):
    documents.answers["/client.json"] = lambda handler: handler.wfile.write(b"nonsense " * 5000 + b"\r\n")
    unknown(person, f"{documents.origin}/client.json")
    (record,) = (it for it in caplog.records if getattr(it, "event", "") == "client_id_document_refused")
    assert len(record.getMessage()) < 1000


@proves("document-backoff")
def test_a_document_that_was_not_good_is_left_alone_for_a_while(person, documents):
    address = documents.answer("/client.json", b"{}", status=500)
    for _ in range(3):
        unknown(person, address)
    assert len(documents.asked) == 1
    documents.publish()
    cache.clear()
    assert person.visit(client_at(address)).status_code == 200


@proves("document-backoff")
def test_too_many_unknown_addresses_of_one_person(person, documents, limits):
    limits(client_id_document="3/10min")
    for n in range(3):
        unknown(person, f"{documents.origin}/{n}.json")
    page = person.visit(client_at(documents.publish()))
    assert page.status_code == 400
    assert "temporarily_unavailable" in page.content.decode()
    assert len(documents.asked) == 3


@proves("document-backoff")
def test_too_many_at_once(person, documents, settings):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_MAX_CONCURRENT_FETCHES": 1}
    with slots.one():
        unknown(person, documents.publish())
    cache.clear()
    assert person.visit(client_at(documents.publish())).status_code == 200


@proves("document-good")
def test_an_unknown_address_is_not_fetched_at_the_token_endpoint(documents):
    client = client_at(documents.publish())
    assert client.refresh("unknown").json()["error"] == "invalid_client"
    assert documents.asked == []


@proves("document-good")
def test_a_developers_application_is_nobodys_document(person, owner, documents):
    address = documents.publish()
    mine = register(owner, "spa", client_id=address, redirect_uris="https://mine.example/cb")
    assert person.visit(mine).status_code == 200
    assert documents.asked == []
    assert Application.objects.get().name == "Una spa"


@proves("document-suspended")
def test_a_suspended_client_does_not_come_back(person, documents):
    client = client_at(documents.publish())
    tokens = person.tokens(client)
    Application.objects.get().suspend()
    assert person.visit(client).status_code == 400
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert len(documents.asked) == 1
    assert Application.objects.get().is_suspended


@proves("document-refreshed")
@pytest.mark.parametrize(
    "change",
    [{"redirect_uris": ["http://evil.example/"]}, {"tos_uri": "ftp://x"}, {"client_id": "https://x/"}],
)
def test_a_document_that_turned_bad_changes_nothing(person, documents, change):
    client = client_at(documents.publish())
    person.visit(client)
    documents.publish(client_name="Otro", **change)
    cache.clear()
    Application.objects.update(cimd_expires_at=timezone.now())
    page = person.visit(client)
    assert page.status_code == 200
    assert "Asistente" in page.content.decode()
    cache.clear()
    Application.objects.update(cimd_expires_at=timezone.now() - timedelta(days=4))
    assert person.visit(client).status_code == 400
    assert Application.objects.get().name == "Asistente"


@proves("document-fetch")
def test_whatever_a_sites_own_fetcher_raises_the_client_is_unknown(person, documents, settings):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_METADATA_FETCHER": f"{__name__}.Broken"}
    unknown(person, documents.publish())


class Broken:
    def fetch(self, client_id):
        raise KeyError(json.dumps(client_id))


@proves("document-client")
def test_a_redirect_uri_that_its_document_does_not_hold(person, documents):
    client = client_at(documents.publish())
    assert person.visit(client, redirect_uri="https://evil.example/").status_code == 400
    assert person.visit(client, redirect_uri="http://127.0.0.1:1/other").status_code == 400
    assert offered(person.visit(client, scope="documents:write"))["error"] == "invalid_scope"
