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
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        base_url = f"http://127.0.0.1:{port}"
        call_command("migrate", verbosity=0)
        seed(base_url)
        self.stdout.write("\n".join(self.introduction(base_url)))
        self.stdout.flush()
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def introduction(self, base_url: str) -> list[str]:
        return [
            "",
            _("Open %s and follow its three steps.") % self.style.SUCCESS(f"{base_url}/"),
            "",
            *(f"  {a.username:<6} {a.password:<11} {a.purpose}" for a in ACCOUNTS),
            "",
            f"  {_('Shop'):<16} {base_url}{reverse('tienda:home')}",
            f"  {_('My applications'):<16} {base_url}{reverse('multinexo_oauth:my-applications')}",
            f"  {_('Administration'):<16} {base_url}{reverse('admin:index')}",
            "",
        ]
