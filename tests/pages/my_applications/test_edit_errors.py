import pytest

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.oauth import OAuthClient

from .conftest import Developer, errors, offered, registered, text


def test_a_refused_change_changes_nothing_and_keeps_what_was_typed(ana: Developer, web: OAuthClient) -> None:
    before = Application.objects.values().get()
    page = ana.send(
        "application", web, name="Otra", description="Nueva", redirect_uris="http://otra.example/"
    )
    assert set(errors(page)) == {"redirect_uris"}
    assert Application.objects.values().get() == before
    html = page.content.decode()
    assert "http://otra.example/" in html
    assert 'value="Otra"' in html
    assert f"<h1>{web.application.name}</h1>" in html


def test_the_kind_and_the_owner_cannot_be_changed(ana: Developer, eva: Developer, web: OAuthClient) -> None:
    form = {"name": "Otra", "redirect_uris": "https://web.example/callback"}
    ana.send("application", web, **form, kind="service", user=eva.user.pk, client_id="x", verified="on")
    application = registered(web)
    assert (application.kind, application.user) == ("web", ana.user)
    assert not application.verified


def test_a_required_permission_must_be_among_the_allowed(ana: Developer, web: OAuthClient) -> None:
    form = {
        "scopes": ["products:read"],
        "required_scopes": ["documents:read"],
        "default_scopes": ["cashier:read"],
    }
    page = ana.send("application-permissions", web, **form)
    assert set(errors(page)) == {"required_scopes", "default_scopes"}
    assert "<details open>" in page.content.decode()
    # What was ticked can be cleared, though it is not on offer.
    assert offered(page, "required_scopes") == {"products:read", "documents:read"}


@pytest.mark.parametrize(
    "scopes", [["\x00"], ["products:read\x00"], ["x" * 5000], ["nada"], ["products:read products:write"]]
)
def test_garbage_among_the_permissions_is_refused(
    ana: Developer, web: OAuthClient, scopes: list[str]
) -> None:
    assert set(errors(ana.send("application-permissions", web, scopes=scopes))) == {"scopes"}
    assert registered(web).scope_names == ["products:read", "products:write"]


@pytest.mark.parametrize(
    "uri", ["ftp://web.example", "javascript:alert(1)", "//", "x\x00y", "https://" + "x" * 600 + ".example"]
)
@pytest.mark.parametrize(
    ("page", "field"), [("application-brand", "privacy_url"), ("application-brand", "terms_url")]
)
def test_a_link_that_is_no_web_address_is_refused(
    ana: Developer, web: OAuthClient, page: str, field: str, uri: str
) -> None:
    answer = ana.send(page, web, **{field: uri})
    assert set(errors(answer)) == {field}
    assert text(answer)


def test_too_many_addresses_are_refused(ana: Developer, web: OAuthClient) -> None:
    uris = "\n".join(f"https://web.example/{number}" for number in range(51))
    assert set(errors(ana.send("application", web, name="Otra", redirect_uris=uris))) == {"redirect_uris"}


@proves("logout-registration")
@pytest.mark.parametrize("uri", ["http://web.example/bye", "javascript:alert(1)", "https://web.example/#x"])
def test_an_address_after_signing_out_follows_the_rules_of_redirect_uris(
    ana: Developer, web: OAuthClient, uri: str
) -> None:
    kept = {"name": "Otra", "redirect_uris": web.application.redirect_uris}
    page = ana.send("application", web, **kept, post_logout_redirect_uris=uri)
    assert set(errors(page)) == {"post_logout_redirect_uris"}
    assert "<details open>" in page.content.decode()
    assert registered(web).post_logout_redirect_uris == ""
