from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from ...models import Application, ClientSecret, Event, Kind
from ...scopes import Scopes
from ..lookup import person


class Command(BaseCommand):
    help = "Register an application, and print its client id and, where its kind has one, its secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=Kind.values, help="What it is.")
        parser.add_argument("name", help="What people read.")
        parser.add_argument("--user", required=True, help="Its owner, by name.")
        parser.add_argument("--redirect-uri", action="append", default=[], help="May be repeated.")
        parser.add_argument("--scope", action="append", default=[], help="May be repeated.")

    @sensitive_variables()
    def handle(self, *args: Any, **options: Any) -> None:
        application = Application(
            kind=options["kind"],
            name=options["name"],
            user=person(options["user"]),
            redirect_uris=" ".join(options["redirect_uri"]),
            scopes=Scopes.of(options["scope"]),
        )
        try:
            application.full_clean()
        except ValidationError as error:
            raise CommandError(_told(error)) from error
        with transaction.atomic():
            application.save()
            Event.record(Event.Action.CREATED, application=application)
            secret = ClientSecret.issue(application)[1] if application.kind.has_secret else None
        self.stdout.write(f"client_id={application.client_id}")
        if secret is not None:
            self.stdout.write(f"client_secret={secret}")


def _told(error: ValidationError) -> str:
    return "\n".join(f"{field}: {' '.join(problems)}" for field, problems in error.message_dict.items())
