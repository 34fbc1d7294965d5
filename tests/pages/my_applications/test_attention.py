"""What is stored and the rules take no longer keeps no tab from being saved; the pages say what it is, and where."""

from typing import Any

import pytest

from multinexo_oauth.models import Application
from tests.catalogue import Catalogue, site_scopes
from tests.conformance import proves
from tests.oauth import OAuthClient, register

from .conftest import Developer, errors, offered, registered, text, url

__all__ = ["site_scopes"]
pytestmark = proves("my-applications-attention")

BRAND = {"support_email": "help@web.example"}
TABS = ("application", "application-permissions", "application-brand")


def overview(client: OAuthClient) -> dict[str, Any]:
    return {
        "name": "Otra",
        "redirect_uris": client.application.redirect_uris,
        "allowed_origins": client.application.allowed_origins,
    }


def link(page: str, client: OAuthClient, field: str) -> str:
    return f'href="{url(page, client)}#id_{field}"'


def shown(ana: Developer, client: OAuthClient, page: str) -> str:
    answer = ana.open(page, client)
    assert answer.status_code == 200
    return answer.content.decode()


def saved(answer: Any) -> bool:
    return answer.status_code == 302


@pytest.mark.parametrize("kind", ["web", "spa", "native", "device", "service"])
def test_every_tab_is_saved_once_a_scope_has_left_the_catalogue(
    ana: Developer, kind: str, request: pytest.FixtureRequest, site_scopes: Catalogue
) -> None:
    client: OAuthClient = request.getfixturevalue(kind)
    site_scopes.without("products:write")
    assert saved(ana.send("application", client, **overview(client)))
    assert saved(ana.send("application-brand", client, **BRAND))
    assert saved(ana.send("application-permissions", client, scopes=["products:read", "products:write"]))
    stored = registered(client)
    assert (stored.name, stored.support_email) == ("Otra", "help@web.example")
    assert stored.scopes == "products:read products:write"


def test_every_tab_is_saved_once_the_catalogue_is_empty(
    ana: Developer, web: OAuthClient, site_scopes: Catalogue
) -> None:
    site_scopes.empty()
    assert saved(ana.send("application", web, **overview(web)))
    assert saved(ana.send("application-brand", web, **BRAND))
    assert saved(ana.send("application-permissions", web))
    assert registered(web).scopes == ""


def test_every_tab_is_saved_without_the_signing_key(
    ana: Developer, owner: Any, site_scopes: Catalogue
) -> None:
    login = register(owner, "web", redirect_uris="https://login.example/cb", scopes="openid products:read")
    Application.objects.update(post_logout_redirect_uris="http://login.example/bye")
    site_scopes.without_a_signing_key()
    assert saved(ana.send("application", login, **overview(login)))
    assert saved(ana.send("application-brand", login, **BRAND))
    assert saved(ana.send("application-permissions", login, scopes=["openid", "products:read"]))
    assert registered(login).scope_names == ["products:read"]
    assert registered(login).post_logout_redirect_uris == "http://login.example/bye"


@pytest.mark.parametrize("page", [*TABS, "application-credentials", "application-activity"])
def test_every_tab_names_a_scope_that_left_and_links_to_where_it_stands(
    ana: Developer, web: OAuthClient, page: str, site_scopes: Catalogue
) -> None:
    assert link("application-permissions", web, "scopes") not in shown(ana, web, page)
    site_scopes.without("products:write")
    content = shown(ana, web, page)
    assert link("application-permissions", web, "scopes") in content
    assert "«products:write»" in content
    site_scopes.without()
    assert "products:write»" not in shown(ana, web, page)


def test_the_link_leads_to_the_field(ana: Developer, web: OAuthClient) -> None:
    assert 'id="id_scopes"' in shown(ana, web, "application-permissions")
    assert 'id="id_redirect_uris"' in shown(ana, web, "application")
    assert 'id="id_privacy_url"' in shown(ana, web, "application-brand")


def test_the_owner_may_take_a_scope_that_left_from_the_list(
    ana: Developer, web: OAuthClient, site_scopes: Catalogue
) -> None:
    site_scopes.without("products:write")
    page = ana.open("application-permissions", web)
    assert "products:write" in offered(page, "scopes")
    assert "products:write" not in offered(page, "default_scopes")
    ana.send("application-permissions", web, scopes=["products:read"])
    assert registered(web).scopes == "products:read"
    assert "products:write»" not in shown(ana, web, "application")


def test_defaults_and_required_ones_that_left_stay_for_when_they_are_back(
    ana: Developer, web: OAuthClient, site_scopes: Catalogue
) -> None:
    both = "products:read products:write"
    Application.objects.update(default_scopes=both, required_scopes=both)
    site_scopes.without("products:write")
    read = ["products:read"]
    ana.send(
        "application-permissions",
        web,
        scopes=["products:read", "products:write", "email"],
        default_scopes=read,
        required_scopes=read,
    )
    site_scopes.without()
    stored = registered(web)
    assert set(stored.default_scope_names) == set(stored.required_scope_names) == set(both.split())


def test_a_scope_that_left_and_was_not_on_the_list_cannot_be_put_there(
    ana: Developer, web: OAuthClient, site_scopes: Catalogue
) -> None:
    site_scopes.without("email")
    assert set(errors(ana.send("application-permissions", web, scopes=["email"]))) == {"scopes"}
    assert set(errors(ana.register("web", scopes=["email"]))) == {"scopes"}


def test_a_wildcard_without_matches_does_not_block_saving(
    ana: Developer, web: OAuthClient, site_scopes: Catalogue
) -> None:
    Application.objects.update(scopes="documents:* products:read")
    site_scopes.without("documents:read", "documents:write")
    for page, form in (("application", overview(web)), ("application-brand", BRAND)):
        assert saved(ana.send(page, web, **form))
    assert saved(ana.send("application-permissions", web, scopes=["products:read", "email"]))
    assert registered(web).scopes == "documents:* products:read email"


@pytest.mark.parametrize(
    ("stored", "tab", "field"),
    [
        ({"redirect_uris": "http://web.example/callback"}, "application", "redirect_uris"),
        ({"redirect_uris": ""}, "application", "redirect_uris"),
        ({"post_logout_redirect_uris": "javascript:x"}, "application", "post_logout_redirect_uris"),
        ({"name": "Tien\u200bda"}, "application", "name"),
        ({"homepage_url": "nothing"}, "application", "homepage_url"),
        ({"default_scopes": "email"}, "application-permissions", "default_scopes"),
        ({"required_scopes": "email"}, "application-permissions", "required_scopes"),
        ({"support_email": "nobody"}, "application-brand", "support_email"),
        ({"privacy_url": "ftp:x"}, "application-brand", "privacy_url"),
    ],
    ids=str,
)
def test_problems_of_another_tab_do_not_block_saving(
    ana: Developer, web: OAuthClient, stored: dict[str, str], tab: str, field: str
) -> None:
    Application.objects.update(**stored)
    forms = {
        "application": overview(web),
        "application-permissions": {"scopes": ["products:read"]},
        "application-brand": BRAND,
    }
    for page, form in forms.items():
        assert link(tab, web, field) in shown(ana, web, page)
        if page != tab:
            assert saved(ana.send(page, web, **form)), page
    for name, value in stored.items():
        assert getattr(registered(web), name) == value


def test_origins_that_a_rule_refuses_now_are_told_on_every_tab(ana: Developer, spa: OAuthClient) -> None:
    Application.objects.update(allowed_origins="*")
    assert saved(ana.send("application-permissions", spa, scopes=["products:read"]))
    assert link("application", spa, "allowed_origins") in shown(ana, spa, "application-brand")


@pytest.mark.parametrize("kind", ["service", "device"])
@pytest.mark.parametrize(
    "stored",
    [
        {"redirect_uris": "https://x.example/cb"},
        {"allowed_origins": "https://x.example"},
        {"post_logout_redirect_uris": "https://x.example/bye"},
    ],
    ids=str,
)
def test_what_the_kind_does_not_have_goes_when_a_tab_is_saved(
    ana: Developer, kind: str, stored: dict[str, str], request: pytest.FixtureRequest
) -> None:
    client: OAuthClient = request.getfixturevalue(kind)
    Application.objects.update(**stored)
    assert saved(ana.send("application-brand", client, **BRAND))
    assert saved(ana.send("application", client, name="Otra"))
    (name,) = stored
    assert getattr(registered(client), name) == ""


def test_the_tab_that_holds_it_says_so_beside_its_field(ana: Developer, web: OAuthClient) -> None:
    Application.objects.update(redirect_uris="http://web.example/callback")
    page = ana.send("application", web, name="Otra", redirect_uris="http://web.example/callback")
    assert set(errors(page)) == {"redirect_uris"}


def test_a_good_application_needs_no_attention(ana: Developer, web: OAuthClient) -> None:
    for page in TABS:
        assert "notice--warning" not in shown(ana, web, page)


def test_a_stranger_is_told_nothing(eva: Developer, web: OAuthClient, site_scopes: Catalogue) -> None:
    site_scopes.without("products:write")
    for page in TABS:
        assert eva.open(page, web).status_code == 404


def test_a_page_of_an_application_with_a_scope_that_left_shows_programs_without_it(
    ana: Developer, web: OAuthClient, site_scopes: Catalogue
) -> None:
    site_scopes.without("products:write")
    programs = text(ana.open("application-credentials", web)).partition("curl")[2]
    assert "products:read" in programs
    assert "products:write" not in programs
