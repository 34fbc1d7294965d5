"""Programs that a developer can run as they stand, with the application's own values in them."""

import json
import shlex
from collections.abc import Callable
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlencode

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from ...models import Application, Kind
from ...scopes import Scopes
from .endpoint_urls import Endpoints

FOLDER = "multinexo_oauth/my_applications/snippets"
LANGUAGES = [
    ("curl", "curl", "sh"),
    ("python", "Python (Authlib)", "py"),
    ("javascript", "JavaScript (oauth4webapi)", "js"),
]
PROMPTS = {
    "open": _("Open this address and allow access:"),
    "type_code": _("Open this address and type the code:"),
    "paste_address": _("Paste the address that you came back to: "),
    "paste_code": _("Paste the code from the address that you came back to:"),
}


@dataclass(frozen=True)
class Snippet:
    language: str
    label: str
    code: str


def for_application(application: Application, endpoints: Endpoints, secret: str = "") -> list[Snippet]:
    """Return a program in each language. Without the secret's value they read it from the environment."""
    return [
        Snippet(language, label, _render(application, endpoints, secret, suffix))
        for language, label, suffix in LANGUAGES
    ]


def _render(application: Application, endpoints: Endpoints, secret: str, suffix: str) -> str:
    kind = application.kind
    literal = shlex.quote if suffix == "sh" else _string
    context = {
        **_literals(application, endpoints, literal),
        "prompts": {name: literal(str(text)) for name, text in PROMPTS.items()},
        "secret": literal(secret) if secret else "",
        "has_secret": kind.has_secret,
        "in_browser": kind is Kind.SPA,
        "is_insecure": endpoints.token.startswith("http:"),
    }
    return render_to_string(f"{FOLDER}/{_flow(kind)}.{suffix}.txt", context).strip() + "\n"


def _literals(
    application: Application, endpoints: Endpoints, literal: Callable[[str], str]
) -> dict[str, str]:
    values = {
        **asdict(endpoints),
        "client_id": application.client_id,
        "redirect_uri": first_redirect_uri(application),
        "scope": Scopes.of(application.scopes.known),
        "authorization_request": _authorization_request(application, endpoints),
    }
    return {name: literal(value) for name, value in values.items()}


def _string(value: str) -> str:
    """Write a JSON string, which is one of Python's and of JavaScript's as well."""
    return json.dumps(value, ensure_ascii=False)


def _flow(kind: Kind) -> str:
    return {Kind.DEVICE: "device", Kind.SERVICE: "service"}.get(kind, "code")


def _authorization_request(application: Application, endpoints: Endpoints) -> str:
    """Return the address of an authorization request, but for its state and code challenge."""
    parameters = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": first_redirect_uri(application),
        "scope": Scopes.of(application.scopes.known),
        "code_challenge_method": "S256",
    }
    return f"{endpoints.authorization}?{urlencode(parameters, quote_via=quote)}"


def first_redirect_uri(application: Application) -> str:
    return next(iter(application.redirect_uris.split()), "")


def env_file(application: Application, endpoints: Endpoints, secret: str = "") -> str:
    """Return the application's values as the lines of a .env file."""
    kind = application.kind
    values = {
        "OAUTH_ISSUER": endpoints.issuer,
        "OAUTH_CLIENT_ID": application.client_id,
        "OAUTH_CLIENT_SECRET": secret,
        "OAUTH_AUTHORIZATION_ENDPOINT": endpoints.authorization if kind.has_redirect_uris else "",
        "OAUTH_DEVICE_AUTHORIZATION_ENDPOINT": endpoints.device_authorization if kind is Kind.DEVICE else "",
        "OAUTH_TOKEN_ENDPOINT": endpoints.token,
        "OAUTH_REDIRECT_URI": first_redirect_uri(application),
        "OAUTH_SCOPE": Scopes.of(application.scopes.known),
    }
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items() if value)
