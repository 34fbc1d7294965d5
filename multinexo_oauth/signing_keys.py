"""Keys for ID tokens, for a site that makes its own: part of the public API."""

from .server.openid.signing_keys import generate

__all__ = ["generate"]
