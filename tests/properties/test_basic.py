"""Credentials in a Basic header, whatever characters they are made of."""

import base64
from urllib.parse import quote, quote_plus

from hypothesis import given, settings, strategies as st

from multinexo_oauth.models import ClientSecret
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import OAuthClient
from tests.properties.examples import example

# RFC 6749 appendices A.1 and A.2: visible ASCII and the space.
visible = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=255)
header_text = st.text(st.characters(max_codepoint=0xFF, exclude_characters="\r\n"), max_size=60)
encoded = st.binary(max_size=60).map(lambda value: base64.b64encode(value).decode())
scheme = st.sampled_from(["Basic ", "basic ", "BASIC  ", "Basic", "Bearer ", ""])


@proves("client-basic")
@given(
    client_id=visible, secret=visible, encode=st.sampled_from([quote_plus, lambda text: quote(text, safe="")])
)
def test_any_id_and_any_secret_come_through(
    service: OAuthClient, client_id: str, secret: str, encode
) -> None:
    pair = f"{encode(client_id)}:{encode(secret)}"
    header = "Basic " + base64.b64encode(pair.encode()).decode()
    with example():
        service.application.client_id = client_id
        service.application.save()
        ClientSecret.objects.update(digest=digest(secret))
        answer = service.post("/auth/v1/token/", {"grant_type": "client_credentials"}, Authorization=header)
    assert answer.status_code == 200, answer.content


@proves("client-refused", "never-a-server-error")
@given(header=st.builds("{}{}".format, scheme, st.one_of(header_text, encoded)))
@settings(max_examples=200)
def test_any_other_header_authenticates_nobody(service: OAuthClient, header: str) -> None:
    with example():
        answer = service.post("/auth/v1/token/", {"grant_type": "client_credentials"}, Authorization=header)
    assert (answer.status_code, answer.json()["error"]) in {(401, "invalid_client"), (400, "invalid_request")}
