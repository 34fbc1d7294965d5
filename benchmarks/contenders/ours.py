import os
import secrets
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from multinexo_oauth import defaults

from ..contender import CHALLENGE, REDIRECT_URI, SCOPE, SERVICE, WEB, AuthorizationServer, Client
from ..redis import REDIS_URL
from ..rows import multiply
from ..secret import digest_sql, uuid_sql, value, value_sql

SWAPS = {name: getattr(defaults, name) for name in defaults.__all__}
MULTINEXO_OAUTH = {
    "ISSUER": "https://example.com/auth/v1",
    "SCOPES": {SCOPE: {"label": "See your products"}},
    # Counted as on any site, but never reached: here one client asks for all.
    "THROTTLES": {"token": "1000000/s", "introspection": "1000000/s"},
}
# Longer than a run, for the calls of one are too few to keep each token warm as a site's are.
CACHED = {"TOKEN_CACHE": "default", "TOKEN_CACHE_SECONDS": 3600}


class Ours(AuthorizationServer):
    label = "ours"
    apps = ["multinexo_oauth", "oauth2_provider"]
    urls = [("auth/v1/", "multinexo_oauth.urls")]
    settings = SWAPS | {"MULTINEXO_OAUTH": MULTINEXO_OAUTH}
    authentication = ["multinexo_oauth.rest_framework.OAuth2Authentication"]
    permissions = ["multinexo_oauth.rest_framework.TokenHasScope"]
    token_path = "/auth/v1/token/"
    introspection_path = "/auth/v1/introspect/"

    def store(self, first: Any) -> None:
        from multinexo_oauth.models import AccessToken, Consent, RefreshToken
        from multinexo_oauth.storage.digest import digest

        self.web = self.register(WEB, kind="web", redirect_uris=REDIRECT_URI)
        self.register(SERVICE, kind="service", resource_server=True)
        common = {"user": first, "application": self.web, "scope": SCOPE}
        multiply(Consent.objects.create(**common), self.size, user_id="i")
        tomorrow = timezone.now() + timedelta(days=1)
        for model, kind in ((AccessToken, "access"), (RefreshToken, "refresh")):
            multiply(
                model.objects.create(token_checksum=digest(value(1, kind)), expires=tomorrow, **common),
                self.size,
                user_id="i",
                family=uuid_sql(),
                token_checksum=digest_sql(value_sql(kind)),
            )

    def register(self, client: Client, **fields: Any) -> Any:
        from multinexo_oauth.models import Application, ClientSecret
        from multinexo_oauth.storage.digest import digest

        application = Application(client_id=client.client_id, name=client.client_id, scopes=SCOPE, **fields)
        application.full_clean()
        application.save()
        ClientSecret.objects.create(
            application=application, digest=digest(client.secret), last_four=client.secret[-4:]
        )
        return application

    def codes(self, people: list[int]) -> list[str]:
        from multinexo_oauth.models import Grant
        from multinexo_oauth.storage.digest import digest

        codes = [secrets.token_urlsafe(32) for _person in people]
        Grant.objects.bulk_create(
            Grant(
                user_id=person,
                application=self.web,
                code=digest(code),
                expires=timezone.now() + timedelta(minutes=10),
                redirect_uri=REDIRECT_URI,
                scope=SCOPE,
                code_challenge=CHALLENGE,
                code_challenge_method=Grant.CODE_CHALLENGE_S256,
            )
            for person, code in zip(people, codes, strict=True)
        )
        return codes


class OursWithLocalMemory(Ours):
    label = "ours, local memory"
    settings = SWAPS | {"MULTINEXO_OAUTH": MULTINEXO_OAUTH | CACHED}


class OursWithRedis(Ours):
    label = "ours, Redis"
    settings = SWAPS | {
        "MULTINEXO_OAUTH": MULTINEXO_OAUTH | CACHED,
        "CACHES": {
            "default": {
                "BACKEND": "multinexo_oauth.redis_cache.RedisCache",
                "LOCATION": REDIS_URL,
                "KEY_PREFIX": f"multinexo_oauth_benchmark_{os.getpid()}",
            }
        },
    }

    def finish(self) -> None:
        from redis import Redis

        redis = Redis.from_url(REDIS_URL)
        for key in redis.scan_iter(f"{cache.key_prefix}:*"):
            redis.delete(key)
