import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from ...models import Application
from ...rest_framework.openings import Opening
from ...scopes import Scope, catalogue
from ...site_views import Operation, operations

OPEN_VIEWS = "Views that take a token and ask for no scope"


class Command(BaseCommand):
    help = (
        "List the scopes, the views that ask for them and the applications that may ask for them; then the views"
        " that take a token and ask for no scope."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="For people (the default) or programs."
        )
        parser.add_argument("--open", action="store_true", help=f"{OPEN_VIEWS}, and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        entries = [] if options["open"] else _entries()
        open_views = [_open_view(it) for it in operations() if it.opening is not Opening.NONE]
        if options["format"] == "json":
            told = open_views if options["open"] else entries
            self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join([*_lines(entries), *_open_lines(open_views)]))


def _entries() -> list[dict[str, Any]]:
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
    return entries


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


def _open_view(operation: Operation) -> dict[str, Any]:
    return {
        "path": operation.path,
        "method": operation.method,
        "action": operation.action,
        "view": operation.view,
        "permissions": operation.permissions,
        "open_to": operation.opening.name.lower(),
        "why": operation.opening.value,
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


def _open_lines(views: list[dict[str, Any]]) -> Iterator[str]:
    if views:
        yield OPEN_VIEWS
        yield from (
            f"    {_address(view)}: {view['permissions'] or 'no permissions'} ({view['why']})"
            for view in views
        )
        yield ""


def _column(label: str, values: Iterable[str]) -> Iterator[str]:
    """Give a line for each value, the label before the first."""
    for value in values:
        yield f"    {label:<10} {value}"
        label = ""


def _told(view: dict[str, Any]) -> str:
    needs = " or ".join(" and ".join(scopes) or "any token" for scopes in view["any_of"])
    return f"{_address(view)}: {needs}"


def _address(view: dict[str, Any]) -> str:
    action = f" ({view['action']})" if view["action"] else ""
    return f"{view['method'] or 'any':<6} {view['path']}{action}"
