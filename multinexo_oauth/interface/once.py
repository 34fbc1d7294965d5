"""Forms that create something only once, however often they are sent.

The form itself carries what identifies it, so no session is needed: the client id of the new application, which is
unique, or the newest secret that its page knew of.
"""

from typing import Any

from django.core import signing
from oauth2_provider.generators import generate_client_id

from ..models import Application, ClientSecret

SALT = "multinexo_oauth.once"


def reserve(user: Any) -> str:
    """Return a client id, signed for the person who opens the form."""
    return signing.dumps([_key(user), generate_client_id()], salt=SALT)


def reserved(submission: str, user: Any) -> str | None:
    """Return the client id that `reserve` signed for the person, or None where it did not."""
    try:
        person, client_id = signing.loads(submission, salt=SALT)
    except signing.BadSignature:
        return None
    return str(client_id) if person == _key(user) else None


def _key(user: Any) -> str:
    return str(getattr(user, "pk", None))


def newest(application: Application) -> int:
    """Return the key of the secret made last, or 0."""
    secrets = ClientSecret.objects.filter(application=application).order_by("-pk")
    return secrets.values_list("pk", flat=True).first() or 0
