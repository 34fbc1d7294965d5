"""Numbered system checks: what is wrong with the site's settings, and the way out."""

from . import addresses, installation, scopes, self_registration, settings, values

__all__ = ["addresses", "installation", "scopes", "self_registration", "settings", "values"]
