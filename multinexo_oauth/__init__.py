"""OAuth 2.0 authorization server for an existing Django site, on django-oauth-toolkit."""

__version__ = "0.1.0"
