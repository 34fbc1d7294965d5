"""Measure and report: `python -m benchmarks`, or some of its tables, or `--quick`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from . import calls, live, pages, scale
from .plan import Plan
from .report import about, reached, write
from .section import Section

TABLES = ["bearer", "token", "scale", "pages", "live"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "tables", nargs="*", metavar="TABLE", help=f"One of {', '.join(TABLES)}; all by default."
    )
    parser.add_argument("--quick", action="store_true", help="Few rounds and few rows, to see that it works.")
    given = parser.parse_args()
    if unknown := set(given.tables) - set(TABLES):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    return given


def measure(plan: Plan, tables: list[str]) -> Iterator[Section]:
    if {"bearer", "token"} & set(tables):
        yield from calls.run(plan, bearer="bearer" in tables, token="token" in tables)
    if "scale" in tables:
        yield scale.run(plan)
    if "pages" in tables:
        yield pages.run(plan)
    if "live" in tables:
        yield live.run(plan)


def main() -> None:
    given = arguments()
    started = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {text}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        plan = (Plan.quick if given.quick else Plan)(Path(folder), tell)
        sections = []
        for section in measure(plan, given.tables or TABLES):
            # At once, for what comes later may fail.
            print(section.markdown(), flush=True)
            sections.append(section)
    print(about(plan))
    print(reached(sections))
    # Figures of a part of the run, or of a quick one, are not for the document.
    if not given.quick and not given.tables:
        write(sections, plan)


if __name__ == "__main__":
    main()
