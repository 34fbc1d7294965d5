"""The page of a person's connected applications, with few and with many of them, on PostgreSQL."""

from functools import partial

from . import database
from .plan import Plan
from .process import Measurement, Process, interleave, running
from .section import Section, microseconds

PAGES = {"first_page": "the first page", "last_page": "the last page", "search": "a search that finds all"}


def run(plan: Plan) -> Section:
    few, many = plan.connections
    section = Section(
        f"{few:,} and {many:,} connected applications of a person, on PostgreSQL",
        ["page", "SQL", f"CPU at {few:,}, µs", f"at {many:,}", "elapsed, µs", f"at {many:,}"],
    )
    missing = database.problem()
    if missing:
        section.notes.append(f"Not measured: {missing}.")
        return section
    for one, other in measure(plan):
        section.rows.append(
            [
                PAGES[one.operation],
                str(other.sql),
                microseconds(one.cpu),
                microseconds(other.cpu),
                microseconds(one.elapsed),
                microseconds(other.elapsed),
            ]
        )
    return section


def measure(plan: Plan) -> list[tuple[Measurement, Measurement]]:
    """Return what each page took, with few applications and with many."""
    plan.tell("filling the databases of connected applications")
    try:
        with running([partial(start, size) for size in plan.connections]) as processes:
            few, many = ([Measurement(process, page, 20, 20) for page in PAGES] for process in processes)
            interleave([few, many], plan.rounds, plan.tell)
    finally:
        for size in plan.connections:
            database.drop(f"connected_{size}")
    return list(zip(few, many, strict=True))


def start(size: int) -> Process:
    return Process("connected", size, database.postgresql(f"connected_{size}"))
