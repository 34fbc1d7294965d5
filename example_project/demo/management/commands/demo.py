from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.translation import gettext as _

from example_project.demo.accounts import ACCOUNTS
from example_project.demo.seed import seed


class Command(BaseCommand):
    help = "Migrate, seed and serve the demonstration on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="Where it listens on this machine (default: 8000)."
        )

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        base_url = f"http://127.0.0.1:{port}"
        self.tell(_("Preparing the demonstration…"))
        call_command("migrate", verbosity=0)
        seed(base_url)
        self.tell(*self.introduction(base_url))
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def tell(self, *lines: str) -> None:
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def introduction(self, base_url: str) -> list[str]:
        pages = {
            _("Shop"): reverse("tienda:home"),
            _("My applications"): reverse("multinexo_oauth:my-applications"),
            _("API documentation"): reverse("api-docs"),
            _("Administration"): reverse("admin:index"),
        }
        return [
            "",
            _("Open %s and follow its three steps.") % self.style.SUCCESS(f"{base_url}/"),
            "",
            *(f"  {account.username:<6} {account.password:<11} {account.purpose}" for account in ACCOUNTS),
            "",
            *(f"  {label:<{max(map(len, pages))}}  {base_url}{path}" for label, path in pages.items()),
            "",
        ]
