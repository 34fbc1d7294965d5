from collections.abc import Callable
from typing import Any

import pytest

from multinexo_oauth.models import Application, ClientSecret
from tests.oauth import OAuthClient

from .conftest import GOOD, Developer, errors, registered, shown_secret, text, url

GOOD_URIS = [
    ("web", "https://tienda.example/callback"),
    ("web", "https://tienda.example/callback?tenant=1"),
    ("web", "http://127.0.0.1:8000/callback"),
    ("web", "http://localhost/callback"),
    ("web", "http://[::1]:8000/callback"),
    ("spa", "https://panel.example/"),
    ("spa", "http://localhost:3000/callback"),
    ("native", "http://127.0.0.1/callback"),
    ("native", "http://127.0.0.1:51004/callback"),
    ("native", "http://[::1]/callback"),
    ("native", "http://localhost:8000"),
    ("native", "http://localhost/callback"),
    ("web", "https://tienda.example/cb/...dots./a..b"),
    ("native", "com.example.app:/oauth2redirect"),
    ("native", "https://app.example/claimed"),
]
BAD_URIS = [
    ("web", "http://tienda.example/callback"),
    ("web", "com.example.app:/callback"),
    ("web", "https://tienda.example/callback#here"),
    ("web", "https://ana:clave@tienda.example/callback"),
    ("web", "https://*.tienda.example/callback"),
    ("web", "https://tienda.example/*"),
    ("web", "https:///callback"),
    ("web", "https://tienda.example:puerto/callback"),
    ("web", "/callback"),
    ("web", "https://tienda.example/cb/../evil"),
    ("web", "https://tienda.example/cb/%2E%2e/evil"),
    ("web", "https://tienda.example/cb/..%2fevil"),
    ("web", "https://tienda.example/cb/%252e%252e/evil"),
    ("web", "https://tienda.example/cb/..;/evil"),
    ("web", "https://tienda.example/./cb"),
    ("native", "com.example.app:/cb/.."),
    ("native", "cursor://anysphere.cursor-mcp/oauth/callback"),
    ("web", "tienda.example/callback"),
    ("web", "javascript:alert(1)"),
    ("web", "data:text/html,hola"),
    ("web", "file:///etc/passwd"),
    ("web", "https://tiendà.example/callback"),
    ("spa", "http://panel.example/callback"),
    ("spa", "com.example.app:/callback"),
    ("spa", "javascript:alert(1)"),
    ("native", "http://app.example/callback"),
    ("native", "app:/callback"),
    ("native", "com.example.app://callback"),
    ("native", "com.example.app:callback"),
    ("native", "javascript:alert(1)"),
    ("native", "data:text/html,hola"),
    ("native", "file:///etc/passwd"),
]


@pytest.mark.parametrize(("kind", "uri"), GOOD_URIS)
def test_a_good_redirect_uri_is_taken(ana: Developer, kind: str, uri: str) -> None:
    assert ana.register(kind, redirect_uris=uri).status_code == 200
    assert Application.objects.get().redirect_uris == uri


@pytest.mark.parametrize(("kind", "uri"), BAD_URIS)
def test_a_bad_redirect_uri_is_refused_by_name(ana: Developer, kind: str, uri: str) -> None:
    found = errors(ana.register(kind, redirect_uris=f"{GOOD[kind]['redirect_uris']}\n{uri}"))
    assert set(found) == {"redirect_uris"}
    assert all(uri in problem for problem in found["redirect_uris"])
    assert not Application.objects.exists()


def test_every_bad_uri_is_named_and_the_good_ones_are_not(ana: Developer) -> None:
    uris = ["https://tienda.example/callback", "http://tienda.example/1", "javascript:alert(2)"]
    found = errors(ana.register("web", redirect_uris="\n".join(uris)))["redirect_uris"]
    assert [sum(uri in problem for problem in found) for uri in uris] == [0, 1, 1]


def test_problems_are_grouped_by_url_unless_there_is_only_one_url(
    ana: Developer,
) -> None:
    uri = "http://tienda.example/callback#here"
    alone = errors(ana.register("web", redirect_uris=uri))["redirect_uris"]
    assert len(alone) == 2
    assert not any(uri in problem for problem in alone)
    (named,) = errors(ana.register("web", redirect_uris=f"https://tienda.example/callback\n{uri}"))[
        "redirect_uris"
    ]
    assert named.count(uri) == 1
    assert all(problem in named for problem in alone)


def test_every_problem_is_reported_at_once_and_nothing_typed_is_lost(ana: Developer) -> None:
    typed = {
        "name": "",
        "description": "Una descripción cuidada",
        "homepage_url": "javascript:alert(1)",
        "redirect_uris": "https://panel.example/callback\nftp://panel.example",
        "allowed_origins": "https://panel.example/con/camino",
        "scopes": ["products:read"],
        "required_scopes": ["documents:read"],
        "default_scopes": ["products:write"],
    }
    page = ana.register("spa", **typed)
    assert set(errors(page)) == {
        "name", "homepage_url", "redirect_uris", "allowed_origins", "required_scopes", "default_scopes",
    }  # fmt: skip
    html = page.content.decode()
    for value in ("Una descripción cuidada", "javascript:alert(1)", "ftp://panel.example", "/con/camino"):
        assert value in html
    ticked = {box.data["value"] for box in page.context["form"]["scopes"] if box.data["selected"]}
    assert ticked == {"products:read"}
    for field in errors(page):
        assert f'id="id_{field}_error"' in html


def test_a_redirecting_kind_needs_an_address(ana: Developer) -> None:
    for kind in ("web", "spa", "native"):
        assert set(errors(ana.register(kind, redirect_uris=" \n "))) == {"redirect_uris"}


def test_a_field_of_another_kind_is_not_read(ana: Developer) -> None:
    ana.register(
        "web", allowed_origins="https://tienda.example", client_id="elegido", verified="on", user="1"
    )
    application = Application.objects.get()
    assert application.allowed_origins == ""
    assert application.client_id != "elegido"
    assert not application.verified


def test_a_permission_that_does_not_exist_is_refused(ana: Developer) -> None:
    assert set(errors(ana.register("service", scopes=["todo"]))) == {"scopes"}


@pytest.mark.parametrize("scope", ["openid", "profile", "email"])
def test_a_service_is_not_told_who_a_person_is(ana: Developer, service: OAuthClient, scope: str) -> None:
    for answer in (
        ana.register("service", scopes=["products:read", scope]),
        ana.send("application-permissions", service, scopes=["products:read", scope]),
    ):
        assert set(errors(answer)) == {"scopes"}
        assert f'value="{scope}"' not in answer.content.decode()
    assert f'value="{scope}"' in ana.open("application-create", "device").content.decode()


def test_a_service_keeps_what_it_had_been_given(ana: Developer, service: OAuthClient) -> None:
    Application.objects.update(scopes="products:read profile")
    ana.send("application-permissions", service, scopes=["documents:read", "profile"])
    assert set(registered(service).scope_names) == {"documents:read", "profile"}


@pytest.mark.parametrize("name", ["Multi\u202enexo", "Caja\u200b", "a\x00b", "x" * 81, "   "])
def test_a_name_that_could_deceive_is_refused(ana: Developer, name: str) -> None:
    assert set(errors(ana.register("device", name=name))) == {"name"}


def submission_of(developer: Developer, kind: str) -> str:
    """Return what a new form for an application carries."""
    return developer.open("application-create", kind).context["form"]["submission"].value()


@pytest.mark.parametrize("sessions", ["db", "signed_cookies", "cache"])
def test_sending_the_form_again_does_not_register_again(ana: Developer, settings: Any, sessions: str) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{sessions}"
    ana.browser.force_login(ana.user)
    before = dict(ana.browser.cookies.items())
    submission = submission_of(ana, "web")
    first = ana.register("web", submission=submission)
    ana.browser.cookies.load({name: morsel.value for name, morsel in before.items()})
    again = ana.register("web", submission=submission)
    application = Application.objects.get()
    assert again.status_code == 302
    assert again["Location"] == url("application", application)
    assert ClientSecret.objects.count() == 1
    detail = ana.browser.get(again["Location"])
    assert 'class="messages"' in detail.content.decode()
    assert shown_secret(first) not in detail.content.decode()


def test_sending_the_form_again_after_deleting_does_not_bring_it_back(ana: Developer) -> None:
    submission = submission_of(ana, "device")
    ana.register("device", submission=submission)
    Application.objects.get().delete()
    assert ana.register("device", submission=submission)["Location"] == url("my-applications")
    assert not Application.objects.exists()


def test_two_forms_register_two_applications(ana: Developer) -> None:
    submissions = {submission_of(ana, "device") for _ in "ab"}
    for submission in submissions:
        ana.register("device", submission=submission)
    assert Application.objects.count() == len(submissions) == 2


def test_a_form_that_was_refused_can_be_sent_again(ana: Developer) -> None:
    submission = submission_of(ana, "device")
    assert errors(ana.register("device", name="", submission=submission))
    assert ana.register("device", submission=submission).status_code == 200
    assert Application.objects.count() == 1


def test_a_form_of_another_person_or_of_nobody_registers_nothing(ana: Developer, eva: Developer) -> None:
    for submission in (submission_of(eva, "device"), "chosen-by-hand", "InhhY2siCg:1abc:forged"):
        assert errors(ana.register("device", submission=submission)) == {
            "__all__": ["Este formulario está desactualizado. Ábralo de nuevo."]
        }
    assert not Application.objects.exists()


def test_an_unknown_kind_is_not_found(ana: Developer) -> None:
    for kind in ("otra", "WEB", "%00", "x" * 3000, "credenciales"):
        assert ana.browser.get(f"/auth/v1/mis-aplicaciones/nueva/{kind}/").status_code == 404
        assert ana.browser.post(f"/auth/v1/mis-aplicaciones/nueva/{kind}/").status_code == 404


def test_who_is_not_signed_in_registers_nothing(nobody: Developer) -> None:
    assert nobody.register("web").status_code == 302
    assert nobody.open("application-new").status_code == 302
    assert not Application.objects.exists()


@pytest.mark.parametrize("who", ["staff", "permission"])
def test_who_may_not_register_is_told_why(
    eva: Developer, registration: Callable[[str], None], who: str
) -> None:
    registration(who)
    for answer in (eva.open("application-new"), eva.open("application-create", "web"), eva.register("web")):
        assert answer.status_code == 403
        assert "multinexo_oauth/css/pages.css" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert not Application.objects.exists()
    listing = eva.open("my-applications")
    assert listing.status_code == 200
    assert url("application-new") not in listing.content.decode()


@pytest.mark.parametrize("field", ["name", "description", "homepage_url", "redirect_uris", "scopes"])
def test_garbage_in_a_field_is_an_error_of_the_form(ana: Developer, field: str) -> None:
    for garbage in ("\x00", "x\x00y", "a" * 30_000):
        answer = ana.register("web", **{field: garbage})
        assert field in errors(answer)
        assert text(answer)


def test_a_name_or_an_address_that_is_not_good_is_told_in_words_of_ours(ana: Developer) -> None:
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    told = errors(ana.register("web", name="", homepage_url="javascript:alert(1)"))
    assert told == {
        "name": ["Enter the application's name."],
        "homepage_url": ["Enter a complete URL that begins with https:// or http://."],
    }
