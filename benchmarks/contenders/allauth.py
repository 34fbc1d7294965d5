import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from ..contender import CHALLENGE, REDIRECT_URI, SCOPE, SERVICE, WEB, AuthorizationServer, Client
from ..rows import multiply
from ..secret import digest_sql, value_sql


class Allauth(AuthorizationServer):
    """Its client secrets are passwords to Django's hasher."""

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
        from allauth.idp.oidc.models import Token

        codes = [secrets.token_urlsafe(32) for _person in people]
        Token.objects.bulk_create(self.code(*pair) for pair in zip(people, codes, strict=True))
        return codes

    def code(self, person: int, value: str) -> Any:
        """Return what it keeps of a person's consent."""
        from allauth.idp.oidc.models import Token

        code = Token(
            type=Token.Type.AUTHORIZATION_CODE,
            client_id=WEB.client_id,
            user_id=person,
            expires_at=timezone.now() + timedelta(minutes=10),
            scopes=SCOPE,
            data={
                "claims": None,
                "claimed": False,
                "pkce": {"code_challenge": CHALLENGE, "code_challenge_method": "S256"},
            },
        )
        code.set_value(value)
        code.set_grant_id(uuid4().hex)
        code.set_redirect_uri(REDIRECT_URI)
        return code
