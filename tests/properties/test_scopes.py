"""What is granted is of what was asked, which is of what may be asked."""

import pytest
from hypothesis import given, settings, strategies as st

from example_project.scopes import SCOPES
from multinexo_oauth.models import Consent
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, answered
from tests.properties.examples import example

names = st.lists(st.sampled_from([name for name in SCOPES if ":" in name]), min_size=1)
some = names.map(lambda chosen: sorted(set(chosen)))
spaces = st.sampled_from([" ", "  "])


@pytest.fixture
def web(person: Person, web: OAuthClient) -> OAuthClient:
    """An application that may ask for everything, and was let in before."""
    web.application.scopes = " ".join(SCOPES)
    web.application.save()
    Consent.record(person.user, web.application, SCOPES)
    return web


@proves("authorize-scope", "service-token")
@given(allowed=some, asked=names, space=spaces)
def test_a_service_gets_what_it_asks_for_or_nothing(
    service: OAuthClient, allowed: list[str], asked: list[str], space: str
) -> None:
    with example():
        service.application.scopes = " ".join(allowed)
        service.application.save()
        answer = service.token("client_credentials", scope=space.join(asked))
    if set(asked) <= set(allowed):
        assert sorted(answer.json()["scope"].split()) == sorted(set(asked))
    else:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@proves("authorize-scope", "authorize-less-scope", "authorize-displayed")
@given(asked=names, ticked=names)
def test_a_person_grants_what_is_ticked_of_what_was_asked(
    person: Person, web: OAuthClient, asked: list[str], ticked: list[str]
) -> None:
    with example():
        Consent.objects.all().delete()
        answer = person.decide(person.visit(web, scope=" ".join(asked)), scopes=ticked)
        if set(ticked) <= set(asked):
            granted = web.exchange(answered(answer)["code"]).json()["scope"]
            assert sorted(granted.split()) == sorted(set(ticked))
        else:
            assert answer.status_code == 400


@proves("refresh-scope", "refresh-consent")
@given(granted=some, chain=st.lists(st.one_of(st.none(), names), max_size=3))
@settings(max_examples=30)
def test_over_a_chain_of_refreshes_nothing_widens_and_nothing_is_lost(
    person: Person, web: OAuthClient, granted: list[str], chain: list[list[str] | None]
) -> None:
    with example():
        tokens = person.tokens(web, scope=" ".join(granted))
        for asked in chain:
            answer = web.refresh(tokens["refresh_token"], **({"scope": " ".join(asked)} if asked else {}))
            if not set(asked or granted) <= set(granted):
                assert answer.json()["error"] == "invalid_scope"
                continue
            tokens = answer.json()
            assert sorted(tokens["scope"].split()) == sorted(set(asked or granted))
        assert sorted(web.refresh(tokens["refresh_token"]).json()["scope"].split()) == granted
