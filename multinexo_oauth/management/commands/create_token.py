from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...models import Application
from ...server.grants.local_token import create_token
from ..lookup import person


class Command(BaseCommand):
    help = "Print an access token for local work, without the way through the pages. For sites under DEBUG."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scopes", nargs="*", metavar="SCOPE", help="What the token is to carry.")
        parser.add_argument("--user", help="Whose it is, by name; nobody's without.")
        parser.add_argument("--application", metavar="CLIENT_ID", help="Which application has it.")
        parser.add_argument(
            "--seconds", type=int, default=86400, help="How long it lives (default: 86400, a day)."
        )
        parser.add_argument("--force", action="store_true", help="Make one though DEBUG is off.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["force"]:
            raise CommandError(
                "DEBUG is off: this would be a key to the site. --force makes it all the same."
            )
        try:
            token = create_token(
                options["user"] and person(options["user"]),
                options["scopes"],
                _application(options["application"]),
                options["seconds"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(token)


def _application(client_id: str | None) -> Application | None:
    if client_id is None:
        return None
    try:
        return Application.objects.get(client_id=client_id)
    except Application.DoesNotExist as error:
        raise CommandError(f"There is no application with the client id {client_id!r}.") from error
