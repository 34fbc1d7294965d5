"""The site's `MULTINEXO_OAUTH` setting. The class below is its one table: the checks and the documentation read it."""

from collections.abc import Mapping
from typing import Literal

from .setting_types import (
    URL,
    Boolean,
    Choice,
    DottedClass,
    Entries,
    FactOfPeople,
    Function,
    Number,
    OptionalClass,
    OptionalNumber,
    OptionalText,
    Rates,
    Setting,
    Text,
    Texts,
)

# The schemes of editors that register themselves as clients of the Model Context Protocol.
EDITORS = ["cursor", "kiro", "vscode", "vscode-insiders", "windsurf", "zed"]
EMAILS = ["application_connected", "application_removed", "device_authorized"]
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


class Conf:
    """Typed access to the setting: `conf.live_secrets` is `MULTINEXO_OAUTH["LIVE_SECRETS"]`, or its default."""

    issuer = URL(
        None,
        "The server's identifier (RFC 8414): the public URL under which `multinexo_oauth.urls` is included, such as "
        "`https://example.com/auth/v1`. Left out, it is taken from the request, which `DEBUG` alone allows.",
        check="E005",
    )
    scopes = Entries(
        {},
        "What applications may ask for, in the order in which people read it; see below. An app adds its own in "
        "[`oauth_scopes.py`](protect-an-api.md#declare-the-scopes).",
        check="E001",
    )
    resources = Texts(
        [],
        "Further APIs that take this server's tokens, by their identifiers (RFC 8707).",
        of="URLs",
        see="tokens-for-one-api",
    )
    registration = Choice[Literal["anyone", "permission", "staff"]](
        "anyone",
        "Who registers applications in Mis Aplicaciones: anyone with an account, who has "
        "`multinexo_oauth.add_application`, or staff.",
        choices=("anyone", "permission", "staff"),
        check="E007",
    )
    brand_name = Text("Multinexo", "What pages call the site.")
    query_tokens = Boolean(
        False,
        "Whether the API takes `?access_token=…` (RFC 6750 section 2.3).",
        see="protect-an-api.md#tokens-in-the-query-string",
    )
    application_form = OptionalClass(
        None,
        "A `ModelForm` of the site's own fields of an application, which its owner fills in.",
        see="public-api.md#fields-of-your-own",
    )
    policy = DottedClass(
        "multinexo_oauth.policy.Policy",
        "What the site decides in code: who may register, what people may grant, how long tokens live, and more.",
        see="policy.md#what-a-site-decides",
    )
    refresh_rotation = Choice[Literal["public", "all"]](
        "public",
        "Whose refresh tokens are replaced at each exchange: those of clients without a secret, or of all.",
        choices=("public", "all"),
        see="refresh-tokens",
    )
    refresh_grace_seconds = Number(
        10,
        "How long a code or a replaced refresh token may come again from the client that lost the answer. From then "
        "on, it ends every token of its family.",
        unit="seconds",
        minimum=0,
    )
    refresh_idle_seconds = OptionalNumber(
        None,
        "How long a family of refresh tokens lives without being used. `None` is for ever.",
        unit="seconds",
    )
    refresh_reuse_days = OptionalNumber(
        30,
        "How long `cleartokens` keeps replaced refresh tokens. Until then their reuse ends the family; afterwards they "
        "are unknown. `None` is for ever.",
        unit="days",
    )
    refresh_lifetime_seconds = OptionalNumber(
        None,
        "How long a family of refresh tokens lives, from its first one; then the application sends the person through "
        "authorization again. `None` is for ever.",
        unit="seconds",
    )
    consent_request_seconds = Number(3600, "How long a consent page may stay open.", unit="seconds")
    throttles = Rates(
        THROTTLES,
        "How often clients and people may ask, and fail. `None` turns all of it off.",
        written_default="see [below](#throttling)",
        check="E011",
    )
    password_change_ends_tokens = Boolean(
        False,
        "Whether a person's new password ends every code and token that applications hold of theirs.",
        see="changed-passwords",
    )
    event_days = OptionalNumber(365, "How long `cleartokens` leaves events. `None` is for ever.", unit="days")
    logout_always_asks = Boolean(
        True,
        "Whether people confirm that they sign out although the application's ID token is of this very login.",
        see="signing-out",
    )
    live_secrets = Number(2, "How many secrets of one application may be live at once.")
    signing_keys = Texts(
        [],
        "Private keys of ID tokens, newest first. Without one there is no OpenID Connect.",
        of="PEM texts",
        see="openid-connect",
    )
    dynamic_registration = Choice[Literal[False, "open", "token"]](
        False,
        "Whether clients register themselves (RFC 7591): `open` to all, or with an initial access `token`.",
        choices=(False, "open", "token"),
        see="clients-that-register-themselves",
        check="E012",
    )
    registration_token_scope = Text(
        "clients:register",
        "What an access token must have to register clients where `DYNAMIC_REGISTRATION` is `token`.",
    )
    client_id_metadata_documents = Boolean(
        False,
        "Whether a client id may be the address of a document that says what the client is.",
        see="clients-that-register-themselves",
    )
    pkce_waiver = Choice[Literal["owner", "staff"]](
        "owner",
        "Who may excuse a confidential application from PKCE: its owner, under Credentials, or staff alone, in the "
        "admin.",
        choices=("owner", "staff"),
    )
    self_registered_pkce_waiver = Boolean(
        False, "Whether confidential clients that registered themselves may leave PKCE out."
    )
    self_registered_schemes = Texts(
        EDITORS,
        "Private-use schemes without a period that such clients may redirect to: those of editors.",
        of="schemes",
    )
    self_registered_scopes = Texts(
        [], "What clients may ask for that registered themselves, either way.", of="scope names"
    )
    token_cache = OptionalText(
        None,
        "The alias in `CACHES` of the cache that remembers good access tokens.",
        see="the-token-cache",
        check="E010",
    )
    token_cache_seconds = Number(60, "How long it is believed without asking the database.", unit="seconds")
    cache_pause_seconds = Number(
        5,
        "How long a cache that has failed is left alone.",
        unit="seconds",
        minimum=0,
        see="a-cache-that-fails",
    )
    emails = Texts(
        EMAILS,
        "Which messages people get by e-mail.",
        of="names",
        see="messages-to-people",
        written_default="all three",
    )
    claims = Function(None, "A function that adds claims about a person.", see="openid-connect")
    claims_supported = Texts(
        [], "The claims that `CLAIMS` adds, which discovery then names in `claims_supported`.", of="names"
    )
    claims_in_id_token = Boolean(
        True,
        "Whether the ID token says of a person what userinfo does, or only who it is.",
        see="openid-connect",
    )
    email_verified = FactOfPeople(
        None, "How the site knows that an address is the person's.", see="verified-addresses"
    )

    @classmethod
    def table(cls) -> Mapping[str, Setting[object]]:
        """Return every setting by its name, in the order above."""
        return {found.name: found for found in vars(cls).values() if isinstance(found, Setting)}


conf = Conf()
