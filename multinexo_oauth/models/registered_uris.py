from typing import Any

from oauthlib.oauth2.rfc6749.errors import MissingRedirectURIError

from .. import redirect_uris
from .kind import Kind


class RegisteredURIs:
    """The URIs and origins that an application registered, and which of a request's they allow."""

    kind: Any
    is_self_registered: Any
    redirect_uris: Any
    post_logout_redirect_uris: Any
    allowed_origins: Any

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Tell whether a request may use the URI: it matches a registered one that today's rules accept."""
        # RFC 8252 section 8.3 advises against the name, yet most programs that people install use it.
        localhost = self.kind == Kind.NATIVE or self.is_self_registered
        return any(
            redirect_uris.matches(uri, registered, localhost=localhost)
            and not self.redirect_uri_problems(registered)
            for registered in self.redirect_uris.split()
        )

    def redirect_uri_problems(self, uri: str) -> list[str]:
        """Return everything that keeps the application from registering the URI; empty when it is fine."""
        return redirect_uris.problems(uri, self.kind, self_registered=self.is_self_registered)

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        """Tell whether a person who signs out may be sent there: to a registered URI, by exact comparison."""
        registered = self.post_logout_redirect_uris.split()
        return uri in registered and not self.redirect_uri_problems(uri)

    def origin_allowed(self, origin: str) -> bool:
        return origin in self.allowed_origins.split()

    @property
    def default_redirect_uri(self) -> str:
        """The redirect URI of a request that names none. Raises MissingRedirectURIError unless exactly one is
        registered.
        """
        registered: list[str] = self.redirect_uris.split()
        if len(registered) != 1:
            raise MissingRedirectURIError
        return registered[0]

    def get_allowed_schemes(self) -> list[str]:
        return sorted({uri.partition(":")[0] for uri in self.redirect_uris.split()})
