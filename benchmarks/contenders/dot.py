import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ..contender import CHALLENGE, REDIRECT_URI, SCOPE, SERVICE, WEB, AuthorizationServer
from ..rows import multiply
from ..secret import digest_sql, uuid_sql, value, value_sql


class DOT(AuthorizationServer):
    """django-oauth-toolkit with its own models and its secure settings, its secrets as it hashes them by default."""

    label = "DOT"
    apps = ["oauth2_provider"]
    urls = [("o/", "oauth2_provider.urls")]
    settings = {
        "OAUTH2_PROVIDER": {
            "SCOPES": {SCOPE: "See your products"},
            "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
            "REFRESH_TOKEN_REUSE_PROTECTION": True,
            "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
            "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
            "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
            "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
            "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
            "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
        }
    }
    authentication = ["oauth2_provider.contrib.rest_framework.OAuth2Authentication"]
    permissions = ["oauth2_provider.contrib.rest_framework.TokenHasScope"]
    token_path = "/o/token/"
    introspection_path = "/o/introspect/"
    hashes_passwords = True

    def store(self, first: Any) -> None:
        from oauth2_provider.models import AccessToken, Application, RefreshToken

        self.web = self.register(WEB, Application.GRANT_AUTHORIZATION_CODE)
        self.register(SERVICE, Application.GRANT_CLIENT_CREDENTIALS)
        common = {"user": first, "application": self.web}
        access = AccessToken(scope=SCOPE, expires=timezone.now() + timedelta(days=1), **common)
        access._raw_token = value(1)
        access.save()
        multiply(access, self.size, user_id="i", token_checksum=digest_sql(value_sql()))
        refresh = RefreshToken(access_token=access, token_family=secrets.token_hex(16), **common)
        refresh._raw_token = value(1, "refresh")
        refresh.save()
        multiply(
            refresh,
            self.size,
            user_id="i",
            access_token_id="i",
            token_family=uuid_sql(),
            token_checksum=digest_sql(value_sql("refresh")),
        )

    def register(self, client: Any, grant_type: str) -> Any:
        from oauth2_provider.models import Application

        return Application.objects.create(
            client_id=client.client_id,
            client_secret=client.secret,
            hash_client_secret=self.hashes_passwords,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=grant_type,
            redirect_uris=REDIRECT_URI,
        )

    def codes(self, people: list[int]) -> list[str]:
        from oauth2_provider.models import Grant

        grants = [
            Grant(
                user_id=person,
                application=self.web,
                code=secrets.token_urlsafe(32),
                expires=timezone.now() + timedelta(minutes=10),
                redirect_uri=REDIRECT_URI,
                scope=SCOPE,
                code_challenge=CHALLENGE,
                code_challenge_method=Grant.CODE_CHALLENGE_S256,
            )
            for person in people
        ]
        return [grant.code for grant in Grant.objects.bulk_create(grants)]


class DOTUnhashed(DOT):
    """With `hash_client_secret` off: its secrets stand in the database in the clear."""

    label = "DOT, unhashed secrets"
    hashes_passwords = False
