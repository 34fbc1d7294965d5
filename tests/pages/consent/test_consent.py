"""What the consent page shows, line by line, and what a person's yes does."""

import re

import pytest
from django.core.files.base import ContentFile

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import Consent, Event, Grant
from tests.conformance import proves
from tests.oauth import AUTHORIZE, answered, register


def text_of(page):
    """Return the page's words, tags left out and spaces folded."""
    html = re.sub(r"<(style|script|title).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# 1. Brand and account


@proves("authorize-tells")
def test_it_names_the_brand_and_the_account(person, web):
    page = person.visit(web)
    assert "Multinexo" in text_of(page)
    assert "Su cuenta: luis@example.com" in text_of(page)
    assert "Usar otra cuenta" in text_of(page)


@proves("authorize-login")
def test_switching_account_logs_out_and_comes_back_to_this_very_request(person, stranger, web):
    page = person.visit(web)
    back = page.wsgi_request.get_full_path()
    form = re.search(r'action="([^"]+)" class="account">.*?</form>', page.content.decode(), re.DOTALL)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form[0])[1]
    answer = person.browser.post(form[1], {"csrfmiddlewaretoken": token, "next": back})
    login = person.browser.get(answer["Location"])
    assert "_auth_user_id" not in person.browser.session
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', login.content.decode())[1]
    credentials = {"username": "eva", "password": "secret-of-eva", "csrfmiddlewaretoken": token}
    answer = person.browser.post(answer["Location"], credentials | {"next": back})
    assert answer["Location"] == back
    assert "Su cuenta: eva@example.com" in text_of(person.browser.get(back))


@proves("authorize-no-open-redirect")
@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\x00", ""]
)
def test_switching_account_leads_nowhere_else(person, web, back):
    page = person.visit(web)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    answer = person.browser.post("/auth/v1/cambiar-cuenta/", {"csrfmiddlewaretoken": token, "next": back})
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]


@proves("authorize-csrf")
def test_switching_account_needs_a_form_of_this_site(person):
    assert person.browser.post("/auth/v1/cambiar-cuenta/", {"next": AUTHORIZE}).status_code == 403
    assert person.browser.get("/auth/v1/cambiar-cuenta/").status_code == 405


# 2. The application


@proves("authorize-tells")
@pytest.mark.parametrize(("name", "initials"), [("Caja Norte", "CN"), ("Caja Norte 17", "CN"), ("2020", "2")])
def test_it_names_the_application_and_shows_its_initials(person, owner, name, initials):
    client = register(owner, "web", name=name, redirect_uris="https://caja.example/cb")
    page = person.visit(client)
    assert name in text_of(page)
    assert f">{initials}<" in page.content.decode().replace(" ", "").replace("\n", "")


@proves("authorize-tells")
def test_it_shows_the_logo_where_there_is_one(person, web):
    web.application.logo.save("logo.png", ContentFile(b"png"))
    assert web.application.logo.url in person.visit(web).content.decode()


@proves("authorize-tells")
def test_it_says_whether_the_application_is_verified(person, web):
    unverified = text_of(person.visit(web))
    assert "Multinexo no verificó esta aplicación" in unverified
    assert "Verificada por Multinexo" not in unverified
    web.application.verified = True
    web.application.save()
    verified = text_of(person.visit(web))
    assert "no verificó" not in verified
    assert "Verificada por Multinexo" in verified


# 3. Who made it


@proves("authorize-tells")
def test_the_developers_description_has_its_own_box(person, web):
    web.application.description = "Good.” Verified by Multinexo <b>"
    web.application.save()
    html = person.visit(web, ui_locales="en").content.decode()
    assert "Description by its developer:" in html
    assert "<blockquote>Good.” Verified by Multinexo &lt;b&gt;</blockquote>" in html


@proves("authorize-tells")
def test_it_says_who_made_it_and_how_to_reach_them(person, owner):
    client = register(
        owner,
        "web",
        redirect_uris="https://caja.example/cb",
        support_email="ayuda@caja.example",
        homepage_url="https://caja.example/",
        privacy_url="https://caja.example/privacidad",
        terms_url="https://caja.example/terminos",
    )
    page = person.visit(client)
    assert "Ana García" in text_of(page)
    assert "ayuda@caja.example" in text_of(page)
    links = re.findall(r'<a href="(https://caja\.example/[^"]*)" ([^>]*)>', page.content.decode())
    assert [url for url, _rest in links] == [
        "https://caja.example/",
        "https://caja.example/privacidad",
        "https://caja.example/terminos",
    ]
    assert all('target="_blank"' in rest and 'rel="noopener"' in rest for _url, rest in links)


# 4. Where the person goes next


@pytest.mark.parametrize(("username", "shown"), [("anagarcia", True), ("ana@private.example", False)])
def test_an_owner_without_a_name_is_named_by_a_user_name_that_is_no_email_address(
    person, owner, username, shown
):
    owner.first_name = owner.last_name = ""
    owner.username = username
    owner.save()
    page = person.visit(register(owner, "web", redirect_uris="https://web.example/callback"))
    assert (username in page.content.decode()) == shown


@proves("authorize-tells")
def test_it_says_where_the_person_will_return_to(person, web):
    assert "web.example" in text_of(person.visit(web))
    assert "programa de este dispositivo" not in text_of(person.visit(web))


@proves("authorize-tells")
@pytest.mark.parametrize(
    ("redirect_uri", "shown"),
    [("http://127.0.0.1:8123/callback", "127.0.0.1"), ("com.example.app:/callback", "com.example.app")],
)
def test_it_warns_where_that_is_only_this_device(person, native, redirect_uri, shown):
    words = text_of(person.visit(native, redirect_uri=redirect_uri, ui_locales="en"))
    assert shown in words
    assert "back to a program on this device" in words


# 5. Permissions


@proves("authorize-tells")
def test_permissions_stand_under_their_product_in_human_words(person, web):
    words = text_of(person.visit(web))
    assert (
        words.index("Productos") < words.index("Ver sus productos") < words.index("Crear, cambiar y eliminar")
    )
    assert words.count("Sensible") == 1
    assert "products:read" not in words


@proves("authorize-less-scope")
def test_each_permission_may_be_cleared_and_the_rest_is_granted(person, web):
    answer = person.decide(person.visit(web), scopes=["products:read"])
    tokens = web.exchange(answered(answer)["code"]).json()
    assert tokens["scope"] == "products:read"
    assert Consent.objects.get().scope_names == ["products:read"]


@proves("pages-included")
def test_a_permission_says_what_comes_along_with_it(person, web):
    assert "Incluye: «Ver sus productos»." in text_of(person.visit(web, scope="products:write"))
    assert "Incluye" not in text_of(person.visit(web, scope="products:read"))


@proves("pages-included")
def test_it_says_that_clearing_an_implied_scope_has_no_effect(person, web):
    asked = {"scope": "products:read products:write", "ui_locales": "en"}
    both = text_of(person.visit(web, **asked))
    assert "Includes “See your products”, even if that stays cleared." in both
    web.application.required_scopes = "products:read"
    web.application.save()
    both = text_of(person.visit(web, **asked))
    assert "left unticked" not in both  # for there is no box to clear
    assert "Includes: “See your products”." in both


@proves("authorize-less-scope")
def test_it_says_that_permissions_may_be_cleared_where_one_may(person, web):
    hint = "Clear what you do not want to allow"
    two = {"scope": "products:read products:write", "ui_locales": "en"}
    assert hint in text_of(person.visit(web, **two))
    assert hint not in text_of(person.visit(web, scope="products:read", ui_locales="en"))
    web.application.required_scopes = two["scope"]
    web.application.save()
    assert hint not in text_of(person.visit(web, **two))


@proves("authorize-less-scope")
def test_a_single_permission_has_no_checkbox(person, web):
    page = person.visit(web, scope="products:read").content.decode()
    assert 'type="checkbox"' not in page
    assert 'type="checkbox"' in person.visit(web).content.decode()


@proves("authorize-less-scope")
def test_a_required_permission_cannot_be_cleared_alone(person, web):
    web.application.required_scopes = "products:read"
    web.application.save()
    page = person.visit(web)
    assert "si no quiere permitirlo, cancele" in text_of(page)
    left = re.findall(r'type="hidden" name="scopes" value="([^"]+)"', page.content.decode())
    answer = person.decide(page, scopes=left)
    assert web.exchange(answered(answer)["code"]).json()["scope"] == "products:read"


@proves("authorize-less-scope")
def test_clearing_every_permission_is_asked_about_beside_them(person, web):
    page = person.decide(person.visit(web), scopes=[])
    assert page.status_code == 400
    html = page.content.decode()
    assert html.index("<h2") < html.index("Marque al menos un permiso") < html.index("<h3")
    assert not Grant.objects.exists()


@proves("authorize-durable")
def test_only_what_is_new_is_asked_with_the_rest_folded(person, web):
    person.consent(web, scope="products:read")
    page = person.visit(web).content.decode()
    asked, _details, folded = page.partition("<details")
    assert "Crear, cambiar y eliminar" in asked
    assert "Ver sus productos" not in asked  # nor as what comes along: it has been granted
    assert "Ya autorizado" in folded
    assert "Ver sus productos" in folded


@proves("authorize-durable")
def test_the_page_lists_new_permissions_or_says_that_there_are_none(person, web):
    again = {"ui_locales": "en", "prompt": "consent"}
    page = text_of(person.visit(web, **again))
    assert "will be able to" in page
    assert "stays as it is" not in page
    person.consent(web, scope="products:read")
    page = text_of(person.visit(web, **again))
    assert "will also be able to" in page
    assert page.count("what you authorized before does not change") == 1
    assert "Authorize Cancel" in page
    page = text_of(person.visit(web, scope="products:read", **again))
    assert "requests nothing new" in page
    assert page.count("what you authorized before does not change") == 1
    assert "Confirm Cancel" in page
    assert "be able to" not in page


@proves("authorize-durable")
def test_the_heading_says_whether_it_is_the_first_access_more_of_it_or_none_that_is_new(person, web):
    def heading(scope):
        page = person.visit(web, scope=scope, ui_locales="en", prompt="consent").content.decode()
        words = " ".join(re.sub(r"<[^>]+>", " ", re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)[1]).split())
        return words.removeprefix(web.application.name).strip()

    assert heading("products:read") == "asks for access to your Multinexo account"
    person.consent(web, scope="products:read")
    assert heading("products:read products:write") == "asks for more access to your Multinexo account"
    assert heading("products:write") == "asks for more access to your Multinexo account"
    assert heading("products:read") == "asks you to confirm the access it has to your Multinexo account"
    remove_consent(Consent.objects.get())
    assert heading("products:read") == "asks for access to your Multinexo account"


@proves("authorize-durable")
def test_what_was_granted_before_stays_granted(person, web):
    person.consent(web, scope="products:read")
    tokens = person.tokens(web)
    assert tokens["scope"] == "products:read products:write"


# 6. The decision


@proves("authorize-tells")
def test_both_decisions_look_alike(person, web):
    page = person.visit(web).content.decode()
    buttons = re.findall(r'<button class="([^"]*)" name="decision" value="(\w+)" data-action="(\w+)"', page)
    assert [(value, action) for _css, value, action in buttons] == [("allow", "allow"), ("deny", "deny")]
    assert buttons[0][0] == buttons[1][0]


@proves("authorize-empty")
def test_parameters_without_a_value_and_unknown_ones_change_nothing(person, web):
    empty = {"redirect_uri": "", "state": "", "nonce": "", "prompt": "", "response_mode": "", "request": ""}
    answer = person.decide(person.visit(web, **empty, unknown="x"))
    assert answer["Location"].startswith("https://web.example/callback?code=")
    assert set(answered(answer)) == {"code", "iss"}
    assert web.exchange(answered(answer)["code"], redirect_uri=None).status_code == 200


@proves("authorize-state", "authorize-iss", "authorize-no-store", "authorize-no-307")
def test_allowing_sends_a_code_the_state_and_the_issuer(person, web):
    answer = person.decide(person.visit(web, state="Ñ & = #"))
    assert answer["Location"].startswith("https://web.example/callback?")
    assert answered(answer)["state"] == "Ñ & = #"
    assert answered(answer)["iss"] == "http://testserver/auth/v1"
    assert set(answered(answer)) == {"code", "state", "iss"}
    assert answer["Cache-Control"] == "no-store"


@proves("authorize-denied", "authorize-iss")
def test_refusing_sends_access_denied_and_grants_nothing(person, web):
    answer = person.decide(person.visit(web), "deny")
    assert answered(answer)["error"] == "access_denied"
    assert answered(answer)["state"] == "a state"
    assert answered(answer)["iss"] == "http://testserver/auth/v1"
    assert not Grant.objects.exists()
    assert not Consent.objects.exists()


@proves("authorize-redirect-query")
def test_the_redirect_uris_own_query_is_kept(person, owner):
    client = register(owner, "web", redirect_uris="https://web.example/cb?tenant=1")
    answer = person.decide(person.visit(client))
    assert answer["Location"].startswith("https://web.example/cb?tenant=1&")


@proves("redirect-private-use")
def test_a_private_use_scheme_gets_its_code(person, native):
    answer = person.decide(person.visit(native, redirect_uri="com.example.app:/callback"))
    assert answer["Location"].startswith("com.example.app:/callback?code=")


# 7. How to undo it


@proves("authorize-tells")
def test_it_says_how_to_withdraw_access(person, web):
    assert "Aplicaciones conectadas" in text_of(person.visit(web))


# Consent is durable


@proves("authorize-durable")
def test_consent_is_asked_once(person, web):
    person.consent(web)
    assert "code" in answered(person.visit(web))


@proves("authorize-durable")
def test_consent_outlives_its_tokens_and_is_asked_again_once_removed(person, web):
    tokens = person.tokens(web)
    web.revoke(tokens["refresh_token"])
    assert person.visit(web).status_code == 302
    remove_consent(Consent.objects.get())
    assert person.visit(web).status_code == 200


@proves("authorize-durable")
def test_consent_is_one_persons_alone(person, stranger, web):
    person.consent(web)
    assert stranger.visit(web).status_code == 200


@proves("prompt-combinations")
@pytest.mark.parametrize("prompt", ["create", "LOGIN", "dance", "dance create", "ñ"])
def test_an_unknown_prompt_is_ignored(person, web, prompt):
    person.consent(web)
    assert "code" in answered(person.visit(web, prompt=prompt))
    assert person.visit(web, prompt=f"{prompt} consent").status_code == 200


@proves("authorize-prompt-consent")
@pytest.mark.parametrize("prompt", ["consent", "select_account", "consent select_account"])
def test_the_client_may_have_it_asked_again(person, web, prompt):
    person.consent(web)
    assert person.visit(web, prompt=prompt).status_code == 200


@proves("authorize-server-decides")
def test_the_client_cannot_have_it_skipped(person, web):
    assert person.visit(web, approval_prompt="auto", skip_authorization="1").status_code == 200


@proves("authorize-always-asked")
def test_a_native_client_on_this_device_is_always_asked(person, native):
    person.consent(native, redirect_uri="com.example.app:/callback")
    assert person.visit(native, redirect_uri="com.example.app:/callback").status_code == 200
    assert person.visit(native, redirect_uri="http://127.0.0.1/callback").status_code == 200


@proves("authorize-always-asked")
def test_a_public_client_on_an_address_of_its_own_is_asked_once(person, owner):
    client = register(owner, "native", redirect_uris="https://app.example/callback")
    person.consent(client)
    assert person.visit(client).status_code == 302


@proves("authorize-durable")
def test_the_owner_sees_that_access_was_granted(person, web):
    person.consent(web)
    event = Event.objects.get(action=Event.Action.CONSENT_GIVEN)
    assert (event.application, event.actor, event.address) == (web.application, person.user, "127.0.0.1")


# Headers


@proves("authorize-no-store", "authorize-no-frame", "authorize-no-referrer", "authorize-form-action")
def test_the_page_is_neither_stored_nor_framed_and_limits_the_referrer(person, web):
    page = person.visit(web)
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Frame-Options"] == "DENY"
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy


@proves("authorize-form-action")
@pytest.mark.parametrize(
    ("registered", "source"),
    [
        ("http://127.0.0.1/callback", "http://127.0.0.1:8123"),
        ("com.example.app:/callback", "com.example.app:"),
        ("https://app.example/callback", "https://app.example"),
        ("http://[::1]/callback", "http:"),
    ],
)
def test_the_policy_lets_the_answer_reach_the_application(person, owner, registered, source):
    client = register(owner, "native", redirect_uris=registered)
    page = person.visit(client, redirect_uri=registered.replace("127.0.0.1", "127.0.0.1:8123"))
    form_action = re.search(r"form-action ([^;]+)", page["Content-Security-Policy"])[1]
    assert form_action.split() == ["'self'", source]
