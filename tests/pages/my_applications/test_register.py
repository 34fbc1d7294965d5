import html
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission

from multinexo_oauth.models import Application, ClientSecret, Event, Kind
from multinexo_oauth.pages.my_applications.forms import NewApplicationForm

from .conftest import Developer, shown_secret, text, url


def test_the_kinds_come_first_with_what_each_gives(ana: Developer) -> None:
    page = ana.open("application-new")
    for kind in Kind:
        assert url("application-create", kind.value) in page.content.decode()
        assert str(kind.summary) in text(page)
        assert str(kind.gives) in text(page)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("web", {"redirect_uris", "post_logout_redirect_uris", "required_scopes"}),
        ("spa", {"redirect_uris", "post_logout_redirect_uris", "allowed_origins", "required_scopes"}),
        ("native", {"redirect_uris", "post_logout_redirect_uris", "required_scopes"}),
        ("device", {"required_scopes"}),
        ("service", set()),
    ],
)
def test_each_kind_asks_only_what_it_needs(ana: Developer, kind: str, asked: set[str]) -> None:
    always = {"name", "description", "homepage_url", "scopes", "default_scopes", "submission"}
    page = ana.open("application-create", kind).content.decode()
    fields = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page))
    assert fields - {"csrfmiddlewaretoken"} == always | asked


def test_a_service_is_told_whose_its_permissions_are(ana: Developer) -> None:
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    told = ["Permissions that the application may use", "It acts for your own account"]
    assert [words in text(ana.open("application-create", "service")) for words in told] == [True, True]
    assert [words in text(ana.open("application-create", "web")) for words in told] == [False, False]


def test_a_permission_says_what_comes_along_with_it(ana: Developer) -> None:
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = text(ana.open("application-create", "web"))
    assert "products:write Includes: products:read" in page
    assert "products:read Includes:" not in page


@pytest.mark.parametrize("kind", Kind)
def test_only_kinds_with_people_are_told_what_people_see_and_decide(ana: Developer, kind: Kind) -> None:
    fields = NewApplicationForm(instance=Application(kind=Kind.WEB)).fields
    told = [str(fields[name].help_text) for name in ("name", "scopes")]
    page = text(ana.open("application-create", kind.value))
    assert [help_text in page for help_text in told] == [kind.has_people] * 2


@pytest.mark.parametrize("kind", ["web", "service"])
def test_a_confidential_application_gets_a_secret_that_works_and_is_shown_once(
    ana: Developer, kind: str
) -> None:
    answer = ana.register(kind)
    application = Application.objects.get()
    secret = shown_secret(answer)
    assert ClientSecret.objects.matching(secret).live().get().application == application
    assert (application.user, application.kind) == (ana.user, kind)
    assert application.client_id in text(answer)
    for page in ("application", "application-credentials", "application-activity"):
        assert secret not in ana.open(page, application).content.decode()


@pytest.mark.parametrize("kind", ["spa", "native", "device"])
def test_a_public_application_gets_no_secret(ana: Developer, kind: str) -> None:
    answer = ana.register(kind)
    application = Application.objects.get()
    assert application.client_id in text(answer)
    assert 'id="client-secret"' not in answer.content.decode()
    assert not application.secrets.exists()


def test_the_answer_holds_endpoints_snippets_and_a_file_with_the_values(ana: Developer) -> None:
    answer = ana.register("web")
    application, secret = Application.objects.get(), shown_secret(answer)
    page = html.unescape(answer.content.decode())
    assert "http://testserver/auth/v1/authorize/" in text(answer)
    assert "http://testserver/auth/v1/token/" in text(answer)
    snippets = re.findall(r"<pre data-copy[^>]*>(.+?)</pre>", page, re.DOTALL)
    assert len(snippets) == 3
    assert all(application.client_id in snippet and secret in snippet for snippet in snippets)
    assert f"OAUTH_CLIENT_ID={application.client_id}\nOAUTH_CLIENT_SECRET={secret}\n" in page


def test_the_secret_is_in_that_answer_alone(ana: Developer) -> None:
    answer = ana.register("web")
    secret = shown_secret(answer)
    assert answer["Cache-Control"] == "no-store"
    assert secret not in str(dict(ana.browser.session))
    assert secret not in str(list(Event.objects.values()))
    assert secret not in str(answer.headers) + str(answer.cookies)


def test_what_was_typed_is_kept(ana: Developer) -> None:
    ana.register(
        "web",
        description="Publica productos.",
        homepage_url="tienda.example",
        redirect_uris="https://tienda.example/callback\r\n\r\n http://127.0.0.1:5000/callback ",
        scopes=["products:read", "products:write"],
        required_scopes=["products:read"],
        default_scopes=["products:read"],
    )
    application = Application.objects.get()
    assert application.homepage_url == "https://tienda.example"
    assert application.redirect_uris.split() == [
        "https://tienda.example/callback",
        "http://127.0.0.1:5000/callback",
    ]
    assert application.scope_names == ["products:read", "products:write"]
    assert application.required_scope_names == application.default_scope_names == ["products:read"]


def test_origins_follow_from_the_redirect_uris(ana: Developer) -> None:
    ana.register(
        "spa", redirect_uris="https://Panel.example/a https://panel.example/b http://localhost:3000/c"
    )
    assert Application.objects.get().allowed_origins.split() == [
        "https://panel.example",
        "http://localhost:3000",
    ]


def test_origins_that_were_given_stand(ana: Developer) -> None:
    ana.register("spa", allowed_origins="https://otro.example")
    assert Application.objects.get().allowed_origins == "https://otro.example"


def test_who_registered_it_and_from_where_is_recorded(ana: Developer) -> None:
    ana.register("device")
    event = Event.objects.get()
    assert (event.action, event.actor, event.address) == ("created", ana.user, "127.0.0.1")
    assert event.application == Application.objects.get()


def test_staff_alone_may_register_where_the_site_says_so(
    ana: Developer, eva: Developer, registration: Callable[[str], None]
) -> None:
    registration("staff")
    ana.user.is_staff = True
    ana.user.save()
    assert ana.register("device").status_code == 200
    assert eva.register("device").status_code == 403
    assert Application.objects.get().user == ana.user


def test_those_with_the_permission_may_register_where_the_site_says_so(
    ana: Developer, eva: Developer, registration: Callable[[str], None]
) -> None:
    registration("permission")
    ana.user.user_permissions.add(Permission.objects.get(codename="add_application"))
    assert ana.register("device").status_code == 200
    assert eva.register("device").status_code == 403
