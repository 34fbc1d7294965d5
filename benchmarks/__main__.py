"""Measure and report: `python -m benchmarks`, or some of its tables, or `--quick`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from . import calls, live, scale
from .plan import Plan
from .report import report, write
from .section import Section

TABLES = ["bearer", "token", "scale", "live"]


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


def measure(plan: Plan, tables: list[str]) -> list[Section]:
    sections: list[Section] = []
    if {"bearer", "token"} & set(tables):
        sections += calls.run(plan, bearer="bearer" in tables, token="token" in tables)
    if "scale" in tables:
        sections.append(scale.run(plan))
    if "live" in tables:
        sections.append(live.run(plan))
    return sections


def main() -> None:
    given = arguments()
    started = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {text}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        plan = (Plan.quick if given.quick else Plan)(Path(folder), tell)
        sections = measure(plan, given.tables or TABLES)
    print(report(sections, plan))
    # Figures of a part of the run, or of a quick one, are not for the document.
    if not given.quick and not given.tables:
        write(sections, plan)


if __name__ == "__main__":
    main()
