from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from example_project.demo.accounts import ACCOUNTS
from example_project.demo.secrets import write_private
from example_project.demo.seed import describe, seed


class Command(BaseCommand):
    help = "Seed the demonstration's accounts and applications; their secrets are fresh each time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="Where this site is opened.")
        parser.add_argument(
            "--json", type=Path, metavar="FILE", help="Write what was seeded, secrets too, to a file."
        )

    def handle(self, *args: Any, base_url: str, json: Path | None, **options: Any) -> None:
        try:
            base_url = read_base_url(base_url)
            applications = seed(base_url)
            if json:
                write_private(json, describe(applications, base_url))
        except ValidationError as error:
            raise CommandError(f"{base_url} cannot be seeded: {' '.join(error.messages)}") from error
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Seeded {len(ACCOUNTS)} accounts and {len(applications)} applications.")


def read_base_url(text: str) -> str:
    """Return the URL without a path. Raise CommandError for what is none."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or parts.path.strip("/"):
        raise CommandError("--base-url is the site's address, such as http://127.0.0.1:8000.")
    return f"{parts.scheme}://{parts.netloc}"
