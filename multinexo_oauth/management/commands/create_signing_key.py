import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...server.openid.signing_keys import NEW_KEY, generate


class Command(BaseCommand):
    help = "Make a private key for MULTINEXO_OAUTH['SIGNING_KEYS'], which ID tokens are signed with."
    # The configured keys may be what the checks complain about.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--algorithm",
            choices=list(NEW_KEY),
            default="RS256",
            help="Every client knows the default, RS256.",
        )
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="Write it to a new file that its owner alone may read, rather than to the standard output.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        key = generate(options["algorithm"])
        if options["output"] is None:
            self.stdout.write(key, ending="")
        else:
            _write_new(options["output"], key)


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises CommandError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error
    with open(descriptor, "w") as file:
        file.write(text)
