"""What the app does when something happens elsewhere in the site."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from .models import Application


@receiver(pre_delete, sender=get_user_model(), dispatch_uid="multinexo_oauth.suspend_orphans")
def suspend_applications_of_a_deleted_owner(instance: Any, **kwargs: Any) -> None:
    """Suspend rather than delete: other people may depend on the application, and staff decides what becomes of it."""
    for application in Application.objects.owned_by(instance).usable():
        application.suspend()
