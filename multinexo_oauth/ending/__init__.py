"""Ending things. What is named here is part of the public API."""

from .applications import revoke_application
from .consents import remove_consent, remove_consents, withdraw_scopes
from .people import revoke_user

__all__ = ["remove_consent", "remove_consents", "revoke_application", "revoke_user", "withdraw_scopes"]
