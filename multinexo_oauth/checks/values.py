"""Whether the names and values of `MULTINEXO_OAUTH` are such that they do something: a typing error is no setting."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import import_string

from ..conf import Conf, RefreshRotation

NAMES = frozenset(name.upper() for name in vars(Conf) if not name.startswith("_"))
BOOLEANS = frozenset(
    {
        "CLAIMS_IN_ID_TOKEN",
        "CLIENT_ID_METADATA_DOCUMENTS",
        "LOGOUT_ALWAYS_ASKS",
        "PASSWORD_CHANGE_ENDS_TOKENS",
        "QUERY_TOKENS",
        "SELF_REGISTERED_PKCE_WAIVER",
    }
)
LISTS = frozenset(
    {
        "CLAIMS_SUPPORTED",
        "EMAILS",
        "RESOURCES",
        "SELF_REGISTERED_SCHEMES",
        "SELF_REGISTERED_SCOPES",
        "SIGNING_KEYS",
    }
)
CHOICES = {"PKCE_WAIVER": ("owner", "staff"), "REFRESH_ROTATION": get_args(RefreshRotation)}
# The least that each may be, and whether it may be None.
NUMBERS = {
    "CACHE_PAUSE_SECONDS": (0, False),
    "CONSENT_REQUEST_SECONDS": (1, False),
    "EVENT_DAYS": (1, True),
    "LIVE_SECRETS": (1, False),
    "REFRESH_GRACE_SECONDS": (0, False),
    "REFRESH_IDLE_SECONDS": (1, True),
    "REFRESH_LIFETIME_SECONDS": (1, True),
    "REFRESH_REUSE_DAYS": (1, True),
    "TOKEN_CACHE_SECONDS": (1, False),
}


@register(Tags.compatibility)
def check_names(**kwargs: Any) -> list[CheckMessage]:
    """E017: every key of the setting is one that the app reads."""
    return [
        Error(
            f"MULTINEXO_OAUTH has {name!r}, which is no setting of this app's.",
            hint=_nearest(str(name)),
            id="multinexo_oauth.E017",
        )
        for name in _site()
        if name not in NAMES
    ]


def _nearest(name: str) -> str:
    found = get_close_matches(name.upper(), NAMES, n=1)
    return f"Did you mean {found[0]}?" if found else f"Take it out; there are {', '.join(sorted(NAMES))}."


@register(Tags.compatibility)
def check_values(**kwargs: Any) -> list[CheckMessage]:
    """E018: booleans, numbers and lists are such, for a text would count as true, and functions can be imported."""
    return [
        Error(
            f"MULTINEXO_OAUTH[{name!r}] is {problem}.",
            hint=f"Use {wanted}.",
            id="multinexo_oauth.E018",
        )
        for name, problem, wanted in _wrong_values()
    ]


def _wrong_values() -> Iterator[tuple[str, str, str]]:
    for name, value in _site().items():
        if name in BOOLEANS and not isinstance(value, bool):
            yield name, repr(value), "True or False"
        elif name in LISTS and not isinstance(value, list | tuple | set | frozenset):
            # Not the value, which may be a private key.
            yield name, f"of type {type(value).__name__}", "a list"
        elif name in NUMBERS and not _is_number(value, *NUMBERS[name]):
            least, optional = NUMBERS[name]
            yield name, repr(value), f"a whole number from {least} on{', or None' if optional else ''}"
        elif name in CHOICES and value not in CHOICES[name]:
            yield name, repr(value), " or ".join(f'"{choice}"' for choice in CHOICES[name])
        elif name in FUNCTIONS and not FUNCTIONS[name][0](value):
            yield name, repr(value), FUNCTIONS[name][1]


def _is_number(value: Any, least: int, optional: bool) -> bool:
    if value is None:
        return optional
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _tells_of_people(value: Any) -> bool:
    if not isinstance(value, str):
        return value is None or isinstance(value, bool)
    return _is_function(value) if "." in value else hasattr(get_user_model(), value)


def _is_function(path: Any) -> bool:
    try:
        return callable(import_string(path))
    except (ImportError, TypeError, AttributeError):
        return False


FUNCTIONS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "CLAIMS": (
        lambda value: value is None or _is_function(value),
        'the dotted path of a function, such as "mysite.claims.add"',
    ),
    "EMAIL_VERIFIED": (
        _tells_of_people,
        "True, the name of a field of the user model, or the dotted path of a function",
    ),
}


def _site() -> dict[str, Any]:
    values: dict[str, Any] = getattr(settings, "MULTINEXO_OAUTH", {})
    return values
