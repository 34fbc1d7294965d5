"""What the consent page says of an application that registered itself."""

import pytest
from django.utils import translation

from tests.conformance import proves
from tests.oauth import answered, offered

from .self_registered import published, stored

pytestmark = proves("self-registered-page")


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"CLIENT_ID_METADATA_DOCUMENTS": True}
    with translation.override("en"):
        yield


def page(person, client):
    answer = person.visit(client)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_warns_of_a_client_that_registered_itself(person):
    html = page(person, stored())
    assert "has not verified this application" in html
    assert "It registered itself" in html
    assert "<strong>agent.example</strong>" in html
    assert "whoever is behind <strong>agent.example</strong> gets the access" in html
    assert "only if you have just connected it yourself" in html


def test_it_names_the_host_of_the_document(person):
    html = page(person, stored(**published(), redirect_uris="https://other.example/cb"))
    assert "It is published by <strong>agent.example</strong>" in html
    assert "back to <strong>other.example</strong>, which is not the site that publishes" in html
    assert "whoever is behind <strong>other.example</strong> gets the access" in html


def test_it_says_so_of_no_other_site(person):
    html = page(person, stored(**published()))
    assert "which is not the site" not in html
    assert html.count("only if you trust that site") == 1


def test_it_warns_of_a_program_on_the_device(person):
    html = page(person, stored(kind="native", redirect_uris="http://localhost:3030/cb"))
    assert "back to a program on this device" in html
    assert "It registered itself" in html
    assert html.count("only if") == 1


def test_addresses_of_other_hosts_are_not_shown(person):
    html = page(person, stored())
    assert 'href="https://agent.example/"' in html
    assert ">Home page: agent.example</a>" in html
    assert "bank.example" not in html
    assert "evil.example" not in html


def test_another_redirect_uri_makes_no_address_its_own(person):
    client = stored(redirect_uris="https://agent.example/cb https://bank.example/cb")
    assert "help@bank.example" not in page(person, client)


def test_a_document_lends_its_redirect_uris_no_addresses(person):
    client = stored(**published(), redirect_uris="https://bank.example/cb")
    assert "help@bank.example" not in page(person, client)


@pytest.mark.parametrize(
    "address", ["https://bank.example\\@agent.example/", "https://bank.example@agent.example/"]
)
def test_no_address_is_shown_that_browsers_may_read_otherwise(person, address):
    assert "bank.example" not in page(person, stored(privacy_url="", support_email="", homepage_url=address))


def test_its_markup_is_text(person):
    html = page(person, stored(name="<script>alert(1)</script>"))
    assert "<script>alert(1)</script>" not in html


def test_verified_it_is_like_any_other(person):
    html = page(person, stored(verified=True))
    assert "has not verified" not in html
    assert "It registered itself" not in html
    assert "https://bank.example/privacy" in html
    assert "help@bank.example" in html


@proves("self-registered-asked")
@pytest.mark.parametrize("source", [{}, published()], ids=["registration", "document"])
def test_who_agreed_to_one_place_to_return_to_is_asked_about_another(person, source):
    client = stored(**source, redirect_uris="https://bank.example/cb https://evil.example/cb")
    person.consent(client)
    elsewhere = person.visit(client, redirect_uri="https://evil.example/cb")
    assert elsewhere.status_code == 200
    assert "back to <strong>evil.example</strong>" in elsewhere.content.decode()


@proves("self-registered-asked")
def test_who_agreed_is_asked_again_once_it_returns_elsewhere(person):
    client = stored(redirect_uris="https://bank.example/cb")
    person.consent(client)
    client.application.redirect_uris = client.redirect_uri = "https://evil.example/cb"
    client.application.save()
    assert "back to <strong>evil.example</strong>" in page(person, client)


@proves("self-registered-asked")
def test_without_a_page_it_gets_nothing(person):
    client = stored()
    person.consent(client)
    assert offered(person.visit(client, prompt="none"))["error"] == "consent_required"


@proves("self-registered-asked")
def test_verified_it_is_asked_about_once(person):
    client = stored(verified=True)
    person.consent(client)
    assert "code" in answered(person.visit(client))


def test_a_developers_application_did_not_register_itself(person, web):
    html = page(person, web)
    assert "has not verified this application" in html
    assert "It registered itself" not in html
    assert "It is published by" not in html
    assert "Whoever is behind" not in html
    assert "only if you trust its developer" in html


def test_what_it_says_of_itself_stands_below_the_warning(person):
    html = page(person, stored(description="Made by your bank."))
    assert html.index("has not verified this application") < html.index("Made by your bank.")
