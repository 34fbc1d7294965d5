"""Write what the documentation says of signals, checks and commands from the code: `python -m tests.code_tables`.

The tables of signals and checks in docs/settings.md are made of docstrings, docs/commands.md of the commands' parsers.
"""

import ast
import os
import re
from argparse import Action
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import django
from django.core.checks.registry import registry
from django.core.management import load_command_class
from django.core.management.base import BaseCommand

from multinexo_oauth import signals

SETTINGS = Path(__file__).parent.parent / "docs" / "settings.md"
COMMANDS = SETTINGS.with_name("commands.md")
PACKAGE = Path(signals.__file__).parent
SIGNALS_HEAD = "| signal | arguments | sent when |\n| --- | --- | --- |\n"
CHECKS_HEAD = "| id | what is wrong | way out |\n| --- | --- | --- |\n"
OPTIONS_HEAD = "| argument | |\n| --- | --- |\n"
COMMANDS_HEAD = """\
# Management commands

Run as `python manage.py …`. Django's own options, such as `--settings`, work with each.
"""


def signals_table() -> str:
    """Return a row for each docstring that follows a signal."""
    body = ast.parse(Path(signals.__file__).read_text()).body
    rows = [
        _signal(node.targets[0], text.value)
        for node, text in pairwise(body)
        if isinstance(node, ast.Assign) and isinstance(text, ast.Expr)
    ]
    return SIGNALS_HEAD + "".join(rows)


def _signal(name: ast.expr, text: ast.expr) -> str:
    sent, arguments = ast.literal_eval(text).split("\n\n")
    when = sent.removeprefix("Sent when ").removesuffix(".")
    return _row(
        f"`{ast.unparse(name)}`", arguments.removeprefix("Arguments: ").strip().removesuffix("."), when
    )


def checks_table() -> str:
    """Return a row for each id in the docstrings of the system checks: what is wrong, and the way out."""
    rows = {
        identifier: _row(f"`multinexo_oauth.{identifier}`", problem, way_out)
        for check in registry.get_checks(include_deployment_checks=True)
        if check.__module__.startswith("multinexo_oauth.")
        for identifier, problem, way_out in _paragraphs(check.__doc__ or "")
    }
    return CHECKS_HEAD + "".join(rows[identifier] for identifier in sorted(rows))


def _paragraphs(docstring: str) -> list[tuple[str, str, str]]:
    return re.findall(r"([EW]\d{3}): (.*?)\n\n(.*?)(?=\n\n|\s*\Z)", docstring, re.DOTALL)


def _row(*cells: str) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def commands_page() -> str:
    """Return the page of all commands, from what `--help` is made of."""
    names = sorted(path.stem for path in (PACKAGE / "management/commands").glob("[!_]*.py"))
    return "\n".join([COMMANDS_HEAD, *(_command(name) for name in names)])


def _command(name: str) -> str:
    parser = load_command_class("multinexo_oauth", name).create_parser("manage.py", name)
    shared = {action.dest for action in BaseCommand().create_parser("manage.py", "")._actions}
    rows = [_option(action) for action in parser._actions if action.dest not in shared]
    table = f"\n{OPTIONS_HEAD}{''.join(rows)}" if rows else ""
    return f"## `{name}`\n\n{parser.description}\n{table}"


def _option(action: Action) -> str:
    words = (action.help or "").replace("%(default)s", str(action.default))
    required = " Required." if action.option_strings and action.required else ""
    return _row(f"`{_names(action)}`", words + required)


def _names(action: Action) -> str:
    value = "|".join(action.choices or ()) or str(action.metavar or action.dest.upper())
    if not action.option_strings:
        return f"[{value} ...]" if action.nargs == "*" else value
    return " ".join([", ".join(action.option_strings), *([] if action.nargs == 0 else [value])])


def _replaced(page: str, head: str, table: str) -> str:
    """Return the page with another table below the same head."""
    return re.sub(rf"{re.escape(head)}(?:\|.*\n)+", lambda found: table, page, count=1)


def documents() -> Iterator[tuple[Path, str]]:
    """Give each page that is made from the code, and what it is to say."""
    page = _replaced(SETTINGS.read_text(), SIGNALS_HEAD, signals_table())
    yield SETTINGS, _replaced(page, CHECKS_HEAD, checks_table())
    yield COMMANDS, commands_page()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    for path, text in documents():
        path.write_text(text)
