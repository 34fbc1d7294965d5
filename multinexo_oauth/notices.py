"""E-mails to people about the applications that they authorize, in the language of their pages."""

from collections.abc import Iterable
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils import timezone

from . import mail, people
from .conf import conf
from .models import Application, Consent, DeviceGrant
from .policy import policy
from .scopes import by_product
from .server.issuer import public_url
from .signals import consent_given, consents_removed, device_authorized

NAMED = 20


@receiver(consent_given, dispatch_uid="multinexo_oauth.tell_connected")
def tell_connected(
    consent: Consent,
    added: list[str],
    address: str | None,
    agent: str,
    grant: DeviceGrant | None,
    **kwargs: Any,
) -> None:
    if grant is not None and "device_authorized" in conf.emails:
        return  # the other message says the same and more
    send_notice(
        "application_connected",
        consent.user,
        application=consent.application,
        is_new=set(added) == set(consent.scope_names),
        permissions=by_product(added),
        address=address,
        agent=agent,
        url=details_url(consent.application),
    )


@receiver(consents_removed, dispatch_uid="multinexo_oauth.tell_removed")
def tell_removed(
    user: Any, applications: list[Application], by: Any, address: str | None, agent: str, **kwargs: Any
) -> None:
    if by is None:
        return  # nobody acted: the application lost its last permission
    send_notice(
        "application_removed",
        user,
        names=[application.name for application in applications[:NAMED]],
        count=len(applications),
        more=max(len(applications) - NAMED, 0),
        address=address,
        agent=agent,
        url=public_url("connected-applications"),
    )


@receiver(device_authorized, dispatch_uid="multinexo_oauth.tell_device")
def tell_device(
    grant: DeviceGrant,
    application: Application,
    user: Any,
    scopes: Iterable[str],
    address: str | None,
    agent: str,
    **kwargs: Any,
) -> None:
    send_notice(
        "device_authorized",
        user,
        application=application,
        device=grant,
        permissions=by_product(scopes),
        address=address,
        agent=agent,
        url=details_url(application),
    )


def details_url(application: Application) -> str:
    return public_url("connected-application", application.client_id)


def send_notice(name: str, user: Any, **about: Any) -> None:
    """Send an e-mail after the commit, if the site enables this message and the person has an address."""
    to = people.email(user)
    if name not in conf.emails or not to:
        return
    context = {
        "brand_name": policy().brand_name(),
        "person": people.short_name(user),
        "at": timezone.now(),
        **about,
    }
    # Not a partial: Django reads `__qualname__` of a callback that fails.
    sender = policy().email_sender(user)
    transaction.on_commit(lambda: _write(name, sender, to, context), robust=True)


def _write(name: str, sender: str | None, to: str, context: dict[str, Any]) -> None:
    subject, text, html = (
        render_to_string(f"multinexo_oauth/email/{name}.{part}", context)
        for part in ("subject", "txt", "html")
    )
    # RFC 3834 section 5: automatic replies do not answer it.
    headers = {"Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(" ".join(subject.split()), text, sender, [to], headers=headers)
    message.attach_alternative(html, "text/html")
    mail.post(message)
