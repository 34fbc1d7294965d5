import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from ...models import Application
from ...scopes import Scope, catalogue
from ...site_views import Operation, operations


class Command(BaseCommand):
    help = "List the scopes, the views that ask for them and the applications that may ask for them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="For people (the default) or programs."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        entries = [_entry(scope) for scope in catalogue().values()]
        by_name = {entry["name"]: entry for entry in entries}
        for operation in operations():
            for name in operation.scopes & by_name.keys():
                by_name[name]["views"].append(_view(operation))
        for application in Application.objects.order_by("name", "client_id"):
            for name in application.scope_names:
                if name in by_name:
                    client = {"name": application.name, "client_id": application.client_id}
                    by_name[name]["clients"].append(client)
        if options["format"] == "json":
            self.stdout.write(json.dumps(entries, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(entries)))


def _entry(scope: Scope) -> dict[str, Any]:
    return {
        "name": scope.name,
        "label": str(scope.label),
        "product": str(scope.product),
        "sensitive": scope.sensitive,
        "implies": sorted(scope.implies),
        "views": [],
        "clients": [],
    }


def _view(operation: Operation) -> dict[str, Any]:
    return {
        "path": operation.path,
        "method": operation.method,
        "action": operation.action,
        "any_of": [sorted(scopes) for scopes in operation.choices],
    }


def _lines(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        yield f"{entry['name']}  {entry['label']}"
        yield from _column("product", [entry["product"]] if entry["product"] else [])
        yield from _column("sensitive", ["yes"] if entry["sensitive"] else [])
        yield from _column("implies", entry["implies"])
        yield from _column("views", map(_told, entry["views"]))
        yield from _column("clients", [f"{it['name']} ({it['client_id']})" for it in entry["clients"]])
        yield ""


def _column(label: str, values: Iterable[str]) -> Iterator[str]:
    """Give a line for each value, the label before the first."""
    for value in values:
        yield f"    {label:<10} {value}"
        label = ""


def _told(view: dict[str, Any]) -> str:
    action = f" ({view['action']})" if view["action"] else ""
    needs = " or ".join(" and ".join(scopes) or "any token" for scopes in view["any_of"])
    return f"{view['method'] or 'any':<6} {view['path']}{action}: {needs}"
