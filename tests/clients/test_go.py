"""Go's golang.org/x/oauth2 with go-oidc, as a developer would use them. They run nightly: `.ci/nightly` says how."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.clients.conftest import Site
from tests.clients.go_client import GoClient, build, go_has_libraries
from tests.clients.openid_client import Problem
from tests.clients.person import Person, parameters
from tests.conformance import proves
from tests.oauth import VERIFIER, register, s256
from tests.requirements import require

pytestmark = [
    proves("go-client"),
    pytest.mark.skipif(not os.environ.get("NIGHTLY"), reason="Runs nightly, or with NIGHTLY=1"),
]
SCOPE = "openid email"
CALLBACK = "https://web.example/callback"
Run = Callable[..., GoClient]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require(
        go_has_libraries(), "Go, golang-golang-x-oauth2-dev or golang-github-coreos-go-oidc-dev is missing"
    )
    return build(tmp_path_factory.mktemp("go"))


@pytest.fixture
def run(program: Path, site: Site, developer: User) -> Iterator[Run]:
    """Start a web application: `run()`, with other fields of its registration."""
    with ExitStack() as stack:

        def run(**fields: Any) -> GoClient:
            registration = register(developer, "web", redirect_uris=CALLBACK, scopes=SCOPE, **fields)
            return stack.enter_context(GoClient(program, registration, site.issuer, SCOPE))

        yield run


def signed_in(application: GoClient, luis: Person) -> Any:
    """Have Luis sign in with PKCE, and return the claims of the verified ID token."""
    answer = luis.authorize(application.do("ask", challenge=s256(VERIFIER)))
    return application.do("receive", code=parameters(answer)["code"], verifier=VERIFIER)


def test_a_visitor_signs_in_and_is_known(run: Run, site: Site, luis: Person) -> None:
    application = run()
    claims = signed_in(application, luis)
    subject = str(User.objects.get(username="luis").pk)
    assert (claims["iss"], claims["sub"], claims["email"]) == (site.issuer, subject, "luis@example.com")
    assert application.do("userinfo") == {"sub": subject, "email": "luis@example.com"}


def test_it_refreshes_and_gives_its_access_back(run: Run, luis: Person) -> None:
    application = run()
    signed_in(application, luis)
    assert application.do("refresh") is True
    assert application.do("revoke") == 200
    with pytest.raises(Problem, match="invalid_grant"):
        application.do("refresh")
    with pytest.raises(Problem, match="401"):
        application.do("userinfo")


def test_an_application_that_is_excused_signs_people_in_without_pkce(run: Run, luis: Person) -> None:
    application = run(pkce_waived=True)
    answer = luis.authorize(application.do("ask"))
    assert application.do("receive", code=parameters(answer)["code"])["email"] == "luis@example.com"


def test_without_pkce_it_hears_what_is_missing(run: Run, luis: Person) -> None:
    told = parameters(luis.authorize(run().do("ask")))
    assert told["error"] == "invalid_request"
    assert "PKCE is required" in told["error_description"]


def test_a_wrong_verifier_and_a_used_code_are_refused(run: Run, luis: Person) -> None:
    application = run()
    answer = luis.authorize(application.do("ask", challenge=s256(VERIFIER)))
    code = parameters(answer)["code"]
    with pytest.raises(Problem, match="invalid_grant"):
        application.do("receive", code=code, verifier="w" * 43)
    application.do("receive", code=code, verifier=VERIFIER)
    with pytest.raises(Problem, match="used before"):
        application.do("receive", code=code, verifier=VERIFIER)
