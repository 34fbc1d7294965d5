"""What the app does when something happens elsewhere in the site."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver

from .models import AccessToken, Application
from .server import login_time


@receiver(pre_delete, sender=get_user_model(), dispatch_uid="multinexo_oauth.suspend_orphans")
def suspend_applications_of_a_deleted_owner(instance: Any, **kwargs: Any) -> None:
    """Suspend rather than delete: other people may depend on the application, and staff decides what becomes of it."""
    for application in Application.objects.owned_by(instance).usable():
        application.suspend()


@receiver(pre_delete, sender=Application, dispatch_uid="multinexo_oauth.bury_tokens_of_application")
def bury_tokens_of_a_deleted_application(instance: Application, **kwargs: Any) -> None:
    instance.bury_tokens()


@receiver(post_save, sender=get_user_model(), dispatch_uid="multinexo_oauth.bury_tokens_of_inactive")
@receiver(pre_delete, sender=get_user_model(), dispatch_uid="multinexo_oauth.bury_tokens_of_deleted")
def bury_tokens_of_a_person_who_leaves(instance: Any, signal: Any, **kwargs: Any) -> None:
    if signal is pre_delete or not instance.is_active:
        AccessToken.objects.filter(user=instance).bury()


@receiver(user_logged_in, dispatch_uid="multinexo_oauth.note_login_time")
def note_login_time(request: Any, **kwargs: Any) -> None:
    """Keep for the session what its ID tokens will call `auth_time`."""
    if hasattr(request, "session"):  # others send the signal for logins that make no session
        login_time.note(request)
