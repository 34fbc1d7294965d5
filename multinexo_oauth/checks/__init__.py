"""Numbered system checks: what is wrong with the site's settings, and the way out."""

from . import installation, scopes, self_registration, settings

__all__ = ["installation", "scopes", "self_registration", "settings"]
