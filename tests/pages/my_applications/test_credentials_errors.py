import pytest
from django.utils import timezone

from multinexo_oauth.models import ClientSecret
from tests.conformance import proves
from tests.oauth import OAuthClient, Person

from .conftest import Developer, errors, shown_secret, text, url


def test_a_third_live_secret_is_refused(ana: Developer, web: OAuthClient) -> None:
    ana.send("secret-issue", web)
    page = ana.open("application-credentials", web)
    assert url("secret-issue", web) not in page.content.decode()
    answer = ana.send("secret-issue", web)
    assert answer["Location"] == url("application-credentials", web)
    assert 'class="notice notice--danger"' in ana.browser.get(answer["Location"]).content.decode()
    assert ClientSecret.objects.count() == 2


def test_sending_the_form_again_issues_nothing_and_shows_nothing(ana: Developer, web: OAuthClient) -> None:
    newest = ana.open("application-credentials", web).context["form"]["newest"].value()
    value = shown_secret(ana.send("secret-issue", web, newest=newest))
    again = ana.send("secret-issue", web, newest=newest)
    assert again["Location"] == url("application-credentials", web)
    assert value not in text(ana.browser.get(again["Location"]))
    assert ClientSecret.objects.count() == 2


@pytest.mark.parametrize("kind", ["spa", "native", "device"])
def test_a_kind_without_secrets_gets_none(ana: Developer, kind: str, request: pytest.FixtureRequest) -> None:
    assert ana.send("secret-issue", request.getfixturevalue(kind)).status_code == 404
    assert not ClientSecret.objects.exists()


@pytest.mark.parametrize("field", [{"label": "x" * 81}, {"label": "a\x00b"}, {"days": "7"}, {"days": "x"}])
def test_a_bad_field_is_reported_beside_it(ana: Developer, web: OAuthClient, field: dict[str, str]) -> None:
    page = ana.send("secret-issue", web, **field)
    assert set(errors(page)) == set(field)
    assert ClientSecret.objects.count() == 1


def test_a_secret_is_revoked_only_once(ana: Developer, web: OAuthClient) -> None:
    secret = web.application.secrets.get()
    for _ in "ab":
        assert ana.send("secret-revoke", web, secret.pk).status_code == 302
    assert web.application.events.filter(action="secret_revoked").count() == 1


def test_revoking_the_only_secret_warns(ana: Developer, web: OAuthClient) -> None:
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    secret = web.application.secrets.get()
    page = ana.open("secret-revoke", web, secret.pk).context
    assert "It is the only live secret" in page["warning"]
    assert web.application.name in page["message"]
    assert f"<code>{secret.last_four}</code>" in page["message"]
    ana.send("secret-issue", web)
    page = ana.open("secret-revoke", web, secret.pk).context
    _refused, others, _for_good = page["effects"]
    assert "1" in others
    assert not page["warning"]


def test_a_secret_that_no_longer_works_is_not_asked_about(ana: Developer, web: OAuthClient) -> None:
    secret = web.application.secrets.get()
    ana.send("secret-revoke", web, secret.pk)
    assert ana.open("secret-revoke", web, secret.pk)["Location"] == url("application-credentials", web)


@proves("owner-said")
def test_revoking_a_secret_says_whom_and_what_it_touches(
    ana: Developer, web: OAuthClient, person: Person, stranger: Person
) -> None:
    person.tokens(web)
    stranger.tokens(web)
    effects = ana.open("secret-revoke", web, web.application.secrets.get().pk).context["effects"]
    people, access_tokens, _refresh_tokens, _for_good = effects
    assert "2" in people
    assert "2" in access_tokens


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_the_last_secret_that_works_is_warned_about_though_there_were_others(
    ana: Developer, web: OAuthClient, end: str
) -> None:
    last = web.application.secrets.get()
    other, _value = ClientSecret.issue(web.application)
    assert not ana.open("secret-revoke", web, last.pk).context["warning"]
    ClientSecret.objects.filter(pk=other.pk).update(**{end: timezone.now()})
    assert ana.open("secret-revoke", web, last.pk).context["warning"]
