"""What the app does when something happens elsewhere in the site."""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.core.mail import mail_managers
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import class_prepared, post_save, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _

from .conf import conf
from .ending.applications import end_application
from .ending.people import end_person, revoke_user
from .models import AccessToken, AllowedOrigin, Application, Event
from .models.token import UNREMEMBERED, bury_changed
from .origin import Origin
from .server import login_time
from .server.bearer import last_use
from .storage.deadlock import survives_deadlocks

request_started.connect(last_use.forget, dispatch_uid="multinexo_oauth.forget_use")
request_finished.connect(last_use.write, dispatch_uid="multinexo_oauth.write_use")


def end_a_deleted_person(instance: Any, **kwargs: Any) -> None:
    """End what applications hold of the person, and suspend the person's own applications.

    Other people may depend on these, and staff decides what becomes of them.
    """
    for application in end_person(instance):
        application.suspend(reason="owner_deleted")
        transaction.on_commit(lambda orphan=application: _tell_managers(orphan), robust=True)  # type: ignore[misc]


def end_tokens_of_a_changed_password(instance: Any, created: bool, **kwargs: Any) -> None:
    """End what applications hold of a person who changed the password, where the site says so. Consents stay."""
    if not created and conf.password_change_ends_tokens and _has_new_password(instance, **kwargs):
        _end_tokens(instance)


def bury_tokens_of_a_deactivated_person(instance: Any, **kwargs: Any) -> None:
    if not instance.is_active:
        AccessToken.objects.bury_owner("person", instance.pk)


def end_tokens_of_a_deleted_application(instance: Application, **kwargs: Any) -> None:
    end_application(instance)


@receiver(post_save, sender=Application, dispatch_uid="multinexo_oauth.follow_fixture")
def follow_origins_of_a_fixture(instance: Application, raw: bool, using: str, **kwargs: Any) -> None:
    """Have an application that was loaded from a fixture, past its `save`, be found by its origins."""
    if raw:
        AllowedOrigin.objects.using(using).follow([instance])


def bury_tokens_of_a_suspended_application(
    instance: Application, created: bool, update_fields: Any = None, **kwargs: Any
) -> None:
    stored = update_fields is None or "suspended_at" in update_fields
    if not created and stored and instance.is_suspended:
        instance.bury_tokens()


def bury_a_changed_token(
    instance: AccessToken, created: bool, update_fields: Any = None, **kwargs: Any
) -> None:
    if not created and (update_fields is None or not UNREMEMBERED.issuperset(update_fields)):
        bury_changed([instance.token_checksum])


def listen(sender: type[Model], **kwargs: Any) -> None:
    """Connect the receivers to a model. A proxy model sends its own signals, so each is connected."""
    if issubclass(sender, get_user_model()):
        pre_delete.connect(end_a_deleted_person, sender=sender)
        post_save.connect(bury_tokens_of_a_deactivated_person, sender=sender)
        post_save.connect(end_tokens_of_a_changed_password, sender=sender)
    elif issubclass(sender, Application):
        pre_delete.connect(end_tokens_of_a_deleted_application, sender=sender)
        post_save.connect(bury_tokens_of_a_suspended_application, sender=sender)
    elif issubclass(sender, AccessToken):
        post_save.connect(bury_a_changed_token, sender=sender)


for model in apps.get_models():
    listen(model)
class_prepared.connect(listen)


@receiver(user_logged_in, dispatch_uid="multinexo_oauth.note_login_time")
def note_login_time(request: Any, **kwargs: Any) -> None:
    """Keep for the session what its ID tokens will call `auth_time`."""
    if hasattr(request, "session"):  # others send the signal for logins that make no session
        login_time.note_login(request)


def _has_new_password(user: Any, update_fields: Any = None, **kwargs: Any) -> bool:
    # Django keeps the new password there until it is saved, but for a mere upgrade of its hash.
    stored = update_fields is None or "password" in update_fields
    return stored and getattr(user, "_password", None) is not None


@survives_deadlocks
@transaction.atomic
def _end_tokens(user: Any) -> None:
    if revoke_user(user):
        for application in Application.objects.filter(consents__user=user):
            Event.record(Event.Action.PASSWORD_CHANGED, application=application, origin=Origin(user))


def _tell_managers(application: Application) -> None:
    mail_managers(
        _("An application has lost its owner"),
        _("“%(name)s” (%(client_id)s) is suspended: its owner's account was deleted.")
        % {"name": application.name, "client_id": application.client_id},
    )
