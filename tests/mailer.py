from typing import Any

import django
from django.core.mail.backends.base import BaseEmailBackend


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("nobody listens")


def send_by(backend: str, settings: Any) -> None:
    """Have Django send mail by a backend; releases differ in how that is said."""
    if django.VERSION >= (6, 1):
        settings.MAILERS = {"default": {"BACKEND": backend}}
    else:
        settings.EMAIL_BACKEND = backend


def managers(address: str) -> list[Any]:
    """Return a value of MANAGERS or ADMINS, whose entries are pairs until Django 6.0."""
    return [address] if django.VERSION >= (6, 0) else [("", address)]
