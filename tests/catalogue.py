"""The catalogue of scopes as a site changes it: scopes leave it and come back."""

from typing import Any

import pytest

from example_project.products import oauth_scopes
from multinexo_oauth.scopes import catalogue


class Catalogue:
    """What the site declares, in its settings and in its app."""

    def __init__(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = settings
        self.before = dict(settings.MULTINEXO_OAUTH["SCOPES"]), dict(oauth_scopes.SCOPES)
        monkeypatch.setattr(oauth_scopes, "SCOPES", oauth_scopes.SCOPES)

    def without(self, *names: str) -> None:
        """Take the scopes out, and every other one back in."""
        in_settings, in_app = (
            {n: e for n, e in declared.items() if n not in names} for declared in self.before
        )
        self.settings.MULTINEXO_OAUTH = {**self.settings.MULTINEXO_OAUTH, "SCOPES": in_settings}
        oauth_scopes.SCOPES = in_app

    def empty(self) -> None:
        self.without(*self.before[0], *self.before[1])
        assert not catalogue()

    def without_a_signing_key(self) -> None:
        """Take `openid` out, as a site does that signs no ID tokens any more."""
        self.settings.MULTINEXO_OAUTH = {**self.settings.MULTINEXO_OAUTH, "SIGNING_KEYS": []}


@pytest.fixture
def site_scopes(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    return Catalogue(settings, monkeypatch)
