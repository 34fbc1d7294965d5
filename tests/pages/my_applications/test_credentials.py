from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from multinexo_oauth.models import ClientSecret, Event
from tests.oauth import OAuthClient

from .conftest import Developer, shown_secret, text, url


def test_each_secret_is_told_by_its_label_and_last_characters(ana: Developer, web: OAuthClient) -> None:
    value = shown_secret(ana.send("secret-issue", web, label="producción"))
    page = text(ana.open("application-credentials", web))
    assert f"producción …{value[-4:]}" in page
    assert f"…{web.secret[-4:]}" in page
    assert value not in page
    assert web.secret not in page


def test_a_second_secret_takes_over_without_an_interruption(ana: Developer, web: OAuthClient) -> None:
    first, page = web.secret, ana.send("secret-issue", web)
    second = shown_secret(page)
    assert page["Cache-Control"] == "no-store"
    service_answers = [_authenticates(web, secret) for secret in (first, second)]
    assert service_answers == [True, True]
    ana.send("secret-revoke", web, ClientSecret.objects.matching(first).get().pk)
    assert [_authenticates(web, secret) for secret in (first, second)] == [False, True]


def _authenticates(client: OAuthClient, secret: str) -> bool:
    """Tell whether the token endpoint takes the secret: it then goes on to find the code wrong."""
    answer = OAuthClient(client.application, secret).exchange("no-such-code").json()
    return bool(answer["error"] == "invalid_grant")


def test_a_secret_may_expire(ana: Developer, service: OAuthClient) -> None:
    value = shown_secret(ana.send("secret-issue", service, days="30"))
    expires = ClientSecret.objects.matching(value).get().expires_at
    assert abs(expires - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


def test_a_secret_that_expired_makes_room_and_is_not_shown(ana: Developer, web: OAuthClient) -> None:
    ana.send("secret-issue", web, label="vieja")
    ClientSecret.objects.filter(label="vieja").update(expires_at=timezone.now() - timedelta(seconds=1))
    page = ana.open("application-credentials", web)
    assert "vieja" not in text(page)
    assert page.context["may_issue"]


def test_how_to_change_a_secret_is_told_where_there_is_one_to_change(
    ana: Developer, web: OAuthClient
) -> None:
    told = gettext(
        "To replace a secret without an interruption, generate another, start using it, and then "
        "revoke the first."
    )
    assert told in text(ana.open("application-credentials", web))
    web.application.secrets.all().delete()
    assert told not in text(ana.open("application-credentials", web))


def test_generating_a_secret_says_that_the_first_keeps_working(ana: Developer, web: OAuthClient) -> None:
    ana.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    told = "Other secrets go on working"
    assert told in text(ana.send("secret-issue", web))
    ClientSecret.objects.all().delete()
    assert told not in text(ana.send("secret-issue", web))


def test_revoking_asks_first(ana: Developer, web: OAuthClient) -> None:
    secret = web.application.secrets.get()
    listed = ana.open("application-credentials", web).content.decode()
    assert f'href="{url("secret-revoke", web, secret.pk)}" data-action="revoke"' in listed
    page = ana.open("secret-revoke", web, secret.pk)
    assert 'data-action="confirm"' in page.content.decode()
    assert web.application.secrets.live().exists()
    answer = ana.send("secret-revoke", web, secret.pk)
    assert answer["Location"] == url("application-credentials", web)
    assert not web.application.secrets.live().exists()


def test_what_was_done_to_secrets_is_recorded_without_their_values(ana: Developer, web: OAuthClient) -> None:
    value = shown_secret(ana.send("secret-issue", web))
    ana.send("secret-revoke", web, ClientSecret.objects.matching(value).get().pk)
    revoked, issued = Event.objects.order_by("-pk")[:2]
    assert (issued.action, revoked.action) == ("secret_issued", "secret_revoked")
    assert issued.actor == revoked.actor == ana.user
    assert issued.address == revoked.address == "127.0.0.1"
    assert value not in str(list(Event.objects.values()))


@pytest.mark.parametrize("kind", ["spa", "native", "device"])
def test_a_kind_without_secrets_says_so(ana: Developer, kind: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(kind)
    page = ana.open("application-credentials", client)
    assert page.context["may_issue"] is False
    assert url("secret-issue", client) not in page.content.decode()
    assert "PKCE" in text(page)
