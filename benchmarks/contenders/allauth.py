import secrets
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from ..contender import CHALLENGE, REDIRECT_URI, SCOPE, SERVICE, WEB, AuthorizationServer, Client
from ..rows import multiply
from ..secret import digest_sql, value_sql


class Allauth(AuthorizationServer):
    """Its client secrets are passwords to Django's hasher, its codes stand in the cache."""

    label = "allauth’s IdP"
    apps = ["allauth", "allauth.account", "allauth.idp.oidc"]
    middleware = ["allauth.account.middleware.AccountMiddleware"]
    urls = [("", "allauth.idp.urls"), ("accounts/", "allauth.account.urls")]
    settings = {
        "IDP_OIDC_INTROSPECTION_ENABLED": True,
        "IDP_OIDC_INTROSPECTION_CROSS_CLIENT_ALLOWED": True,
        # It would refuse the thirty-first introspection of a minute.
        "IDP_OIDC_RATE_LIMITS": False,
    }
    authentication = ["allauth.idp.oidc.contrib.rest_framework.authentication.TokenAuthentication"]
    permissions = ["benchmarks.permission.AllauthTokenHasScope"]
    token_path = "/identity/o/api/token"
    introspection_path = "/identity/o/api/introspect"
    hashes_passwords = True

    def store(self, first: Any) -> None:
        from allauth.idp.oidc.models import Token

        client = self.register(WEB, "authorization_code\nrefresh_token")
        self.register(SERVICE, "client_credentials")
        row = Token(
            type=Token.Type.ACCESS_TOKEN,
            client=client,
            user=first,
            expires_at=timezone.now() + timedelta(days=1),
            scopes=SCOPE,
        )
        row.set_value(self.token(first.pk))
        row.save()
        multiply(row, self.size, hash=digest_sql(value_sql()), user_id="i")

    def register(self, client: Client, grant_types: str) -> Any:
        from allauth.idp.oidc import models

        registered = models.Client(
            id=client.client_id,
            name=client.client_id,
            scopes=SCOPE,
            grant_types=grant_types,
            redirect_uris=REDIRECT_URI,
        )
        registered.set_secret(client.secret)
        registered.save()
        return registered

    def codes(self, people: list[int]) -> list[str]:
        from allauth.idp.oidc.internal.oauthlib.authorization_codes import cache_key

        codes = [secrets.token_urlsafe(32) for _person in people]
        for person, code in zip(people, codes, strict=True):
            cache.set(cache_key(WEB.client_id, code), self.code(person, code))
        return codes

    def code(self, person: int, code: str) -> dict[str, Any]:
        """Return what it keeps of a person's consent."""
        return {
            "code": {"code": code},
            "client_id": WEB.client_id,
            "redirect_uri": REDIRECT_URI,
            "sub": str(person),
            "scopes": [SCOPE],
            "claims": None,
            "resources": None,
            "pkce": {"code_challenge": CHALLENGE, "code_challenge_method": "S256"},
        }
