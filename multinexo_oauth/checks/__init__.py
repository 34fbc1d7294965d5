"""Numbered system checks: what is wrong with the site's settings, and the way out."""

from . import addresses, installation, login_policy, scopes, self_registration, settings, toolkit, values

__all__ = [
    "addresses",
    "installation",
    "login_policy",
    "scopes",
    "self_registration",
    "settings",
    "toolkit",
    "values",
]
