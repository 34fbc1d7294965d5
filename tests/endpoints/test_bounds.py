"""Parameters and metadata as long as they may be, and one longer."""

import json

import pytest

from multinexo_oauth.models import Application, DeviceGrant
from tests.conformance import proves
from tests.device import start
from tests.oauth import register
from tests.registration import good, post, registered

pytestmark = proves("never-a-byte-early")
AGENT = "https://agent.example/"


def padded(start, length):
    return start + "x" * (length - len(start))


def told(answer):
    assert answer.status_code == 400, answer.content
    return answer.json()["error"]


def test_a_parameter_has_8000_characters(web):
    assert web.revoke("x" * 8000).status_code == 200
    assert told(web.revoke("x" * 8001)) == "invalid_request"
    assert web.revoke("x", **{"x" * 8000: "1"}).status_code == 200
    assert told(web.revoke("x", **{"x" * 8001: "1"})) == "invalid_request"


def test_a_client_id_has_255_characters(spa, person):
    for length, status in [(255, 200), (256, 400)]:
        spa.client_id = padded("https://agent.example/", length)
        Application.objects.filter(kind="spa").update(client_id=spa.client_id[:255])
        assert person.visit(spa).status_code == status


def test_a_request_names_10_resources(service):
    named = [f"http://testserver/{number}" for number in range(11)]
    assert service.token("client_credentials", resource=named[:10]).status_code == 200
    assert told(service.token("client_credentials", resource=named)) == "invalid_target"


@pytest.mark.parametrize(("length", "kept"), [(200, 200), (201, 200)])
def test_200_characters_of_an_agent_are_kept(device, length, kept):
    device.http.defaults["HTTP_USER_AGENT"] = "x" * length
    assert start(device).status_code == 200
    assert DeviceGrant.objects.get().agent == "x" * kept


@pytest.mark.usefixtures("open_registration")
class TestRegistration:
    def test_metadata_has_16_kilobytes(self):
        body = json.dumps(good()).encode()
        assert post(body + b" " * (16 * 1024 - len(body))).status_code == 201
        assert told(post(body + b" " * (16 * 1024 + 1 - len(body)))) == "invalid_client_metadata"

    @pytest.mark.parametrize(
        ("name", "longest"),
        [
            ("client_name", "x" * 80),
            ("client_uri", padded(AGENT, 500)),
            ("policy_uri", padded(AGENT, 500)),
            ("tos_uri", padded(AGENT, 500)),
        ],
    )
    def test_a_member_has_as_many_letters_as_its_column(self, name, longest):
        assert registered(**{name: longest})[name] == longest
        assert told(post(good(**{name: longest + "x"}))) == "invalid_client_metadata"

    def test_a_text_that_is_only_read_has_2000_letters(self):
        assert "contacts" not in registered(contacts=["x" * 2000])
        assert told(post(good(contacts=["x" * 2001]))) == "invalid_client_metadata"

    def test_a_redirect_uri_has_2000_letters(self):
        longest = padded(AGENT, 2000)
        assert registered(redirect_uris=[longest])["redirect_uris"] == [longest]
        assert post(good(redirect_uris=[longest + "x"])).status_code == 400

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("redirect_uris", "invalid_redirect_uri"),
            ("post_logout_redirect_uris", "invalid_client_metadata"),
        ],
    )
    def test_there_are_20_addresses(self, name, error):
        uris = [f"{AGENT}{number}" for number in range(21)]
        assert registered(**{name: uris[:20]})[name] == uris[:20]
        assert told(post(good(**{name: uris}))) == error

    def test_a_name_made_of_a_host_has_80_letters(self):
        host = f"{'a' * 60}.{'b' * 60}.example"
        assert registered(client_name=None, redirect_uris=[f"https://{host}/"])["client_name"] == host[:80]


def test_an_owner_s_redirect_uri_has_2000_letters(owner):
    assert register(owner, "web", redirect_uris=padded(AGENT, 2000))
    with pytest.raises(Exception, match="2000"):
        register(owner, "web", redirect_uris=padded(AGENT, 2001))
