import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from multinexo_oauth.models import AccessToken, Application, ClientSecret, Consent, Event, RefreshToken
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products

from .conftest import Developer, errors, text, url


def test_it_says_how_many_people_lose_access(
    ana: Developer, web: OAuthClient, person: Person, tokens: dict[str, str]
) -> None:
    page = ana.open("application-delete", web)
    assert "1 " in page.context["effects"][0]
    assert page.context["effects"][0] in text(page)
    assert 'data-action="confirm"' in page.content.decode()


def test_deleting_takes_effect_at_the_next_request(
    ana: Developer, web: OAuthClient, person: Person, products: Products, tokens: dict[str, str]
) -> None:
    assert products.list(tokens["access_token"]).status_code == 200
    answer = ana.send("application-delete", web, name=web.application.name)
    assert answer["Location"] == url("my-applications")
    assert products.list(tokens["access_token"]).status_code == 401
    assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert person.visit(web).status_code == 400
    for model in (Application, ClientSecret, Consent, AccessToken, RefreshToken):
        assert not model.objects.exists()
    assert ana.open("application", web).status_code == 404


def test_the_deletion_can_still_be_told(ana: Developer, web: OAuthClient) -> None:
    ana.send("application-delete", web, name=web.application.name)
    event = Event.objects.latest("pk")
    assert (event.action, event.actor, event.application) == ("deleted", ana.user, None)
    assert event.application_name == web.application.name


def test_spaces_around_the_name_do_not_matter(ana: Developer, web: OAuthClient) -> None:
    ana.send("application-delete", web, name=f"  {web.application.name}  ")
    assert not Application.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_its_logo_goes_with_it(ana: Developer, web: OAuthClient) -> None:
    web.application.logo.save("logo.png", ContentFile(b"png"))
    name = web.application.logo.name
    ana.send("application-delete", web, name=web.application.name)
    assert not default_storage.exists(name)


@proves("owner-said")
def test_it_says_before_and_after_what_ends(ana: Developer, web: OAuthClient, person: Person) -> None:
    person.tokens(web)
    people, tokens, *_others = ana.open("application-delete", web).context["effects"]
    assert "1 persona pierde" in people
    assert "2 tokens" in tokens
    ana.send("application-delete", web, name=web.application.name)
    words = text(ana.browser.get("/auth/v1/mis-aplicaciones/"))
    assert "1 persona pierde" in words
    assert "2 tokens" in words


@proves("owner-said")
def test_a_second_click_leads_to_the_list(
    ana: Developer, eva: Developer, web: OAuthClient, person: Person
) -> None:
    for _click in range(2):
        answer = ana.send("application-delete", web, name=web.application.name)
        assert answer["Location"] == "/auth/v1/mis-aplicaciones/"
    assert eva.send("application-delete", web, name=web.application.name).status_code == 404


@pytest.mark.parametrize("name", ["", "otra", "UNA WEB", "\x00", "Una web\x00", "x" * 100_000])
def test_another_name_deletes_nothing(ana: Developer, web: OAuthClient, name: str) -> None:
    assert set(errors(ana.send("application-delete", web, name=name))) == {"name"}
    assert Application.objects.exists()


def test_where_nobody_is_connected_it_says_so(ana: Developer, web: OAuthClient, service: OAuthClient) -> None:
    for client in (web, service):
        assert "0" not in text(ana.open("application-delete", client))


def test_the_overview_says_whom_deleting_touches(
    ana: Developer, web: OAuthClient, service: OAuthClient, person: Person
) -> None:
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Nobody is connected to it." in text(ana.open("application", web))
    person.tokens(web)
    assert "1 person loses access at once." in text(ana.open("application", web))
    assert "The application stops working at once." in text(ana.open("application", service))
