"""Bearer calls and token requests, all contenders in the same rounds."""

from functools import partial

from . import database, redis
from .plan import OPERATIONS, Plan
from .process import Measurement, Process, interleave, running
from .section import Reach, Section, microseconds

BEARER = [
    "anonymous",
    "drf",
    "knox",
    "simplejwt",
    "allauth",
    "dot",
    "ours",
    "ours_local",
    "ours_redis",
]
TOKEN = ["dot", "dot_unhashed", "allauth", "ours"]
# Tokens that each contender keeps, and of which each is asked for in turn.
SIZE = 100
# Of DRF's time, and SQL queries.
REACHES = {"ours": (0.9, 1), "ours_local": (0.1, 0), "ours_redis": (0.35, 0)}
AT_MOST = {"client_credentials": 0.7, "exchange": 0.5, "refresh": 0.5}
VIEWS = {"bearer": "looks at nothing", "person": "looks at the person"}
Results = dict[tuple[str, str], Measurement]


def run(plan: Plan, bearer: bool, token: bool) -> list[Section]:
    missing = redis.problem()
    names = list(dict.fromkeys((BEARER if bearer else []) + (TOKEN if token else [])))
    if missing:
        names = [name for name in names if name != "ours_redis"]
    plan.tell(f"preparing {len(names)} contenders")
    starts = [partial(Process, name, SIZE, database.sqlite(plan.folder, name)) for name in names]
    with running(starts) as processes:
        turns = [
            measurements(process, plan, bearer and process.name in BEARER, token and process.name in TOKEN)
            for process in processes
        ]
        interleave(turns, plan.rounds, plan.tell)
    results = {(found.process.name, found.operation): found for turn in turns for found in turn}
    return [
        *([bearer_section(results, missing)] if bearer else []),
        *([token_section(results)] if token else []),
    ]


def measurements(process: Process, plan: Plan, bearer: bool, token: bool) -> list[Measurement]:
    token_calls = 1 if process.hashes_passwords else plan.token_calls
    return [
        # Each token once, so that a cache knows them all.
        *[Measurement(process, operation, plan.bearer_calls, SIZE) for operation in VIEWS if bearer],
        *[Measurement(process, operation, token_calls, token_calls) for operation in OPERATIONS if token],
    ]


def bearer_section(results: Results, missing: str | None) -> Section:
    section = Section(
        "A bearer call",
        [
            "contender",
            "the view",
            "CPU, µs",
            "over the anonymous view, µs",
            "of DRF’s",
            "SQL",
            "elapsed, µs",
        ],
        "a bearer call: time over the anonymous view, DRF TokenAuthentication = 1",
    )
    if missing:
        section.notes.append(f"Redis was not measured: {missing}.")
    for operation, view in VIEWS.items():
        found = {name: one for (name, call), one in results.items() if call == operation}
        base, unit = found["anonymous"].cpu, found["drf"].cpu - found["anonymous"].cpu
        for name, one in found.items():
            over = one.cpu - base
            figures = [microseconds(one.cpu), microseconds(over), f"{over / unit:.2f}"]
            label = one.process.label
            section.rows.append([label, view, *figures, str(one.sql), microseconds(one.elapsed)])
            if operation == "bearer" and name != "anonymous":
                section.bar(label, over / unit, ours=name in REACHES)
            if operation == "bearer" and name in REACHES:
                section.reaches += reaches(label, over / unit, one.sql, *REACHES[name])
    return section


def reaches(label: str, ratio: float, sql: int, most_time: float, most_sql: int) -> list[Reach]:
    return [
        Reach(f"bearer call, {label}: time over the anonymous view, of DRF’s", ratio, most_time),
        Reach(f"bearer call, {label}: SQL queries", sql, most_sql),
    ]


def token_section(results: Results) -> Section:
    section = Section(
        "Token requests",
        ["call", "contender", "CPU, µs", "of DOT’s, unhashed", "SQL", "with transactions", "elapsed, µs"],
        "token requests: CPU time, DOT with unhashed secrets = 1",
    )
    for operation, words in OPERATIONS.items():
        unit = results["dot_unhashed", operation].cpu
        for name in TOKEN:
            one = results[name, operation]
            section.rows.append(
                [
                    words,
                    one.process.label,
                    microseconds(one.cpu),
                    f"{one.cpu / unit:.2f}",
                    str(one.sql),
                    str(one.queries["statements"]),
                    microseconds(one.elapsed),
                ]
            )
        ours = results["ours", operation].cpu / unit
        section.bar(f"ours, {words}", ours, ours=True)
        if operation in AT_MOST:
            section.reaches.append(Reach(f"{words}: CPU of DOT’s, unhashed", ours, AT_MOST[operation]))
    return section
