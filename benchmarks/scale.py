"""The same calls with few and with many stored tokens, on PostgreSQL."""

from functools import partial
from itertools import product

from . import database
from .plan import OPERATIONS, Plan
from .process import Measurement, Process, interleave, running
from .section import Reach, Section, microseconds

# Who stores tokens. DOT's default hasher changes nothing of how it stores them.
CONTENDERS = ["drf", "knox", "allauth", "dot_unhashed", "ours"]
SERVERS = ["allauth", "dot_unhashed", "ours"]
AT_MOST = {"bearer": 1.15, "client_credentials": 1.15, "exchange": 1.15, "refresh": 1.15}
CALLS = {"bearer": "bearer call"} | OPERATIONS


def run(plan: Plan) -> Section:
    few, many = plan.sizes
    section = Section(
        f"{few:,} and {many:,} stored tokens, on PostgreSQL",
        [
            "call",
            "contender",
            f"CPU at {few:,}, µs",
            f"at {many:,}",
            "ratio",
            "elapsed, µs",
            f"at {many:,}",
            "ratio",
        ],
        f"{many:,} stored tokens against {few:,}: CPU time of process and database",
    )
    missing = database.problem()
    if missing:
        section.notes.append(f"Not measured: {missing}.")
        return section
    fill(section, measure(plan), plan)
    return section


def measure(plan: Plan) -> dict[tuple[str, int, str], Measurement]:
    pairs = list(product(CONTENDERS, plan.sizes))
    plan.tell(f"filling {len(pairs)} databases")
    try:
        with running([partial(start, *pair) for pair in pairs]) as processes:
            turns = [measurements(process, plan) for process in processes]
            interleave(turns, plan.rounds, plan.tell)
    finally:
        for name, size in pairs:
            database.drop(f"{name}_{size}")
    return {(one.process.name, one.process.size, one.operation): one for turn in turns for one in turn}


def start(name: str, size: int) -> Process:
    return Process(name, size, database.postgresql(f"{name}_{size}"))


def measurements(process: Process, plan: Plan) -> list[Measurement]:
    token_calls = 1 if process.hashes_passwords else plan.token_calls
    return [
        Measurement(process, "bearer", plan.bearer_calls, plan.bearer_calls),
        *[
            Measurement(process, operation, token_calls, token_calls)
            for operation in OPERATIONS
            if process.name in SERVERS
        ],
    ]


def fill(section: Section, results: dict[tuple[str, int, str], Measurement], plan: Plan) -> None:
    few, many = plan.sizes
    for operation, name in product(CALLS, CONTENDERS):
        if (name, few, operation) not in results:
            continue
        one, other = results[name, few, operation], results[name, many, operation]
        ratio = other.cpu / one.cpu
        section.rows.append(
            [
                CALLS[operation],
                one.process.label,
                microseconds(one.cpu),
                microseconds(other.cpu),
                f"{ratio:.2f}",
                microseconds(one.elapsed),
                microseconds(other.elapsed),
                f"{other.elapsed / one.elapsed:.2f}",
            ]
        )
        if name == "ours":
            section.bar(f"ours, {CALLS[operation]}", ratio, ours=True)
        if name == "ours" and operation in AT_MOST:
            section.reaches.append(
                Reach(f"{CALLS[operation]} at {many:,} against {few:,}: CPU", ratio, AT_MOST[operation])
            )
