"""The site's `MULTINEXO_OAUTH` setting, read on access so that `override_settings` just works."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings
from django.utils.module_loading import import_string

PkceWaiver = Literal["owner", "staff"]
Registration = Literal["anyone", "permission", "staff"]
# The schemes of editors that register themselves as clients of the Model Context Protocol.
EDITORS = ("cursor", "kiro", "vscode", "vscode-insiders", "windsurf", "zed")
EMAILS = frozenset({"application_connected", "application_removed", "device_authorized"})
# So many in a time: of a client on an endpoint, of failed authentications, of wrong codes on the device page, of
# clients that come by themselves.
THROTTLES: Mapping[str, str | None] = {
    "token": "1200/min",
    "introspection": "6000/min",
    "revocation": "1200/min",
    "device_authorization": "60/min",
    "failures_by_client": "10/10min",
    "failures_by_address": "50/10min",
    "user_code_by_account": "5/10min",
    "user_code_by_address": "20/10min",
    "registration": "60/h",
    "client_id_document": "20/10min",
}
# REST framework's rates, with a number before the unit as well.
RATE = re.compile(r"([1-9]\d*)/(\d*)([smhd])[a-z]*")
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@lru_cache
def read_rate(rate: str) -> tuple[int, int]:
    """Return how many and in how many seconds. Raises ValueError for what is no rate."""
    found = RATE.fullmatch(rate)
    if found is None:
        raise ValueError(rate)
    number, units, unit = found.groups()
    return int(number), int(units or 1) * UNIT_SECONDS[unit]


DynamicRegistration = Literal[False, "open", "token"]
RefreshRotation = Literal["public", "all"]


class Conf:
    """Typed view of the `MULTINEXO_OAUTH` setting. Every property has a safe default."""

    def _get(self, name: str, default: Any = None) -> Any:
        return getattr(settings, "MULTINEXO_OAUTH", {}).get(name, default)

    @property
    def issuer(self) -> str | None:
        """The authorization server's identifier (RFC 8414 section 2), without a trailing slash."""
        issuer: str | None = self._get("ISSUER")
        return issuer.rstrip("/") if issuer else None

    @property
    def scopes(self) -> Mapping[str, Mapping[str, Any]]:
        """The scopes that the settings declare; `multinexo_oauth.scopes.catalogue` adds those of the site's apps."""
        scopes: Mapping[str, Mapping[str, Any]] = self._get("SCOPES", {})
        return scopes

    @property
    def resources(self) -> tuple[str, ...]:
        """The identifiers of further APIs that take this server's tokens (RFC 8707), beside the site's own."""
        return tuple(self._get("RESOURCES", ()))

    @property
    def registration(self) -> Registration:
        """Who may register an application: "anyone" with an account, by "permission", or "staff"."""
        registration: Registration = self._get("REGISTRATION", "anyone")
        return registration

    @property
    def dynamic_registration(self) -> DynamicRegistration:
        """Whether clients register themselves (RFC 7591): "open" to all, or with an initial access "token"."""
        registration: DynamicRegistration = self._get("DYNAMIC_REGISTRATION", False)
        return registration

    @property
    def registration_token_scope(self) -> str:
        """The scope of an access token that registers clients where the registration is by "token"."""
        return str(self._get("REGISTRATION_TOKEN_SCOPE", "clients:register"))

    @property
    def client_id_metadata_documents(self) -> bool:
        """Whether a client id may be the address of a document that says what the client is."""
        return bool(self._get("CLIENT_ID_METADATA_DOCUMENTS", False))

    @property
    def self_registered_scopes(self) -> tuple[str, ...]:
        """What clients may ask for that nobody registered: by DYNAMIC_REGISTRATION or by their document."""
        return tuple(self._get("SELF_REGISTERED_SCOPES", ()))

    @property
    def self_registered_schemes(self) -> tuple[str, ...]:
        """Which private-use schemes such clients may redirect to, beside reversed domain names."""
        return tuple(self._get("SELF_REGISTERED_SCHEMES", EDITORS))

    @property
    def pkce_waiver(self) -> PkceWaiver:
        """Who may excuse a confidential application from PKCE: its "owner", or "staff" alone."""
        waiver: PkceWaiver = self._get("PKCE_WAIVER", "owner")
        return waiver

    @property
    def self_registered_pkce_waiver(self) -> bool:
        """Whether confidential clients that registered themselves may leave PKCE out."""
        return bool(self._get("SELF_REGISTERED_PKCE_WAIVER", False))

    @property
    def query_tokens(self) -> bool:
        """Whether the API takes access tokens in the query string (RFC 6750 section 2.3)."""
        return bool(self._get("QUERY_TOKENS", False))

    @property
    def brand_name(self) -> str:
        """What pages call the site."""
        return str(self._get("BRAND_NAME", "Multinexo"))

    @property
    def refresh_grace_seconds(self) -> int:
        """How long a client that lost the answer may present a rotated refresh token again."""
        return int(self._get("REFRESH_GRACE_SECONDS", 10))

    @property
    def refresh_lifetime_seconds(self) -> int | None:
        """The longest life of a family of refresh tokens, from its first one; None for no limit."""
        seconds: int | None = self._get("REFRESH_LIFETIME_SECONDS")
        return seconds

    @property
    def refresh_idle_seconds(self) -> int | None:
        """How long a family of refresh tokens lives without being used; None for no limit."""
        seconds: int | None = self._get("REFRESH_IDLE_SECONDS")
        return seconds

    @property
    def refresh_rotation(self) -> RefreshRotation:
        """Whose refresh tokens are replaced at each exchange: those of "public" clients, or of "all"."""
        rotation: RefreshRotation = self._get("REFRESH_ROTATION", "public")
        return rotation

    @property
    def refresh_reuse_days(self) -> int | None:
        """How many days `cleartokens` leaves replaced refresh tokens, whose reuse ends their family; None for ever."""
        days: int | None = self._get("REFRESH_REUSE_DAYS", 30)
        return days

    @property
    def consent_request_seconds(self) -> int:
        """How long a consent page stays good."""
        return int(self._get("CONSENT_REQUEST_SECONDS", 3600))

    @property
    def throttles(self) -> Mapping[str, str | None]:
        """The site's rates over the default ones; None is no limit, and in place of them all, none at all."""
        rates: Mapping[str, str | None] | None = self._get("THROTTLES", {})
        return dict.fromkeys(THROTTLES) if rates is None else {**THROTTLES, **rates}

    @property
    def password_change_ends_tokens(self) -> bool:
        """Whether a person's changed password ends every code and token that applications hold of theirs."""
        return bool(self._get("PASSWORD_CHANGE_ENDS_TOKENS", False))

    @property
    def event_days(self) -> int | None:
        """How many days `cleartokens` leaves events; None for ever."""
        days: int | None = self._get("EVENT_DAYS", 365)
        return days

    @property
    def logout_always_asks(self) -> bool:
        """Whether a person confirms a logout even if the application's ID token is of this very login of theirs."""
        return bool(self._get("LOGOUT_ALWAYS_ASKS", True))

    @property
    def live_secrets(self) -> int:
        """How many secrets of one application may be live at once."""
        return int(self._get("LIVE_SECRETS", 2))

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """Private keys as PEM texts, newest first; without one there is no OpenID Connect."""
        return tuple(self._get("SIGNING_KEYS", ()))

    @property
    def token_cache(self) -> str | None:
        """The alias of the cache that remembers good access tokens; None for none."""
        alias: str | None = self._get("TOKEN_CACHE")
        return alias

    @property
    def token_cache_seconds(self) -> int:
        """How long the cache is believed without asking the database."""
        return int(self._get("TOKEN_CACHE_SECONDS", 60))

    @property
    def cache_pause_seconds(self) -> int:
        """How long a cache that has failed is left alone."""
        return int(self._get("CACHE_PAUSE_SECONDS", 5))

    @property
    def emails(self) -> frozenset[str]:
        """Which messages people get about the applications that they let in."""
        return frozenset(self._get("EMAILS", EMAILS) or ())

    @property
    def claims(self) -> Callable[[Any, frozenset[str]], dict[str, Any]]:
        """The site's function that adds claims about a person, by the scopes that were granted."""
        path: str | None = self._get("CLAIMS")
        found: Callable[[Any, frozenset[str]], dict[str, Any]] = import_string(path) if path else _no_claims
        return found

    @property
    def claims_supported(self) -> tuple[str, ...]:
        """The names of the claims that the site's CLAIMS adds, for discovery."""
        return tuple(self._get("CLAIMS_SUPPORTED", ()))

    @property
    def claims_in_id_token(self) -> bool:
        """Whether the ID token says of a person what userinfo does, or only who it is."""
        return bool(self._get("CLAIMS_IN_ID_TOKEN", True))

    @property
    def email_verified(self) -> bool | Callable[[Any], Any] | None:
        """Whether people's addresses are verified: of all, or what tells of one person; None where nobody knows."""
        known: bool | str | None = self._get("EMAIL_VERIFIED")
        if not isinstance(known, str):
            return known
        return import_string(known) if "." in known else _field(known)


def _field(name: str) -> Callable[[Any], Any]:
    def read(user: Any) -> Any:
        value = getattr(user, name, None)
        return value() if callable(value) else value

    return read


def _no_claims(user: Any, scopes: frozenset[str]) -> dict[str, Any]:
    return {}


conf = Conf()
