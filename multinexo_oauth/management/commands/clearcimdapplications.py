from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from ...ending.applications import delete_application
from ...models import Application


class Command(BaseCommand):
    help = (
        "Delete clients known by a metadata document that is out of date, to which nobody is connected. Those that "
        "staff verified or suspended stay. `cleartokens` does this too, for clients that were not used for some time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--batch-size", type=int, default=1000, help="How many are listed at a time (default: 1000)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        unused = Application.objects.unused_since(now).filter(
            registration_source=Application.RegistrationSource.CIMD, cimd_expires_at__lt=now
        )
        deleted = 0
        while batch := list(unused.order_by("pk")[: max(options["batch_size"], 1)]):
            for application in batch:
                delete_application(application)
            deleted += len(batch)
        self.stdout.write(f"Deleted {deleted} clients.")
