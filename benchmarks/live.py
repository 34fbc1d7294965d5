"""The example project under gunicorn, over sixteen connections."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from . import database, redis
from .load import CONNECTIONS, requests_a_second
from .plan import Plan
from .request import HOST, get, post
from .section import Section

# Two processes of eight threads: one thread a connection.
GUNICORN = ["--workers", "2", "--worker-class", "gthread", "--threads", "8", "--keep-alive", "60"]
SECONDS_TO_START = 60
# What is called, and on the site with which token cache.
CALLS = {
    "products, no cache": ("", "bearer"),
    "products, local memory": ("local", "bearer"),
    "products, Redis": ("redis", "bearer"),
    "client credentials": ("", "basic"),
}


def run(plan: Plan) -> Section:
    section = Section(
        "The live example, requests a second",
        ["call", "", "requests a second", "slowest round", "fastest round"],
        "the live example: requests a second",
    )
    calls = dict(CALLS)
    if missing := redis.problem():
        section.notes.append(f"Redis was not measured: {missing}.")
        del calls["products, Redis"]
    with filled(plan, section) as (environment, credentials):
        rounds = measure(plan, calls, environment, credentials)
    for name, found in rounds.items():
        figures = [f"{value:,.0f}" for value in (median(found), min(found), max(found))]
        section.rows.append([name, "", *figures])
        section.bar(name, median(found), ours=True)
    return section


@contextmanager
def filled(plan: Plan, section: Section) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Make the site's database. Yield its processes' environment, and what callers authenticate with."""
    missing = database.problem()
    where = database.sqlite(plan.folder, "live") if missing else database.postgresql("live")
    section.notes.append(
        f"gunicorn with two processes of eight threads, {CONNECTIONS} connections that stay open, "
        + (f"SQLite, for there is {missing}." if missing else "PostgreSQL.")
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.live_settings",
        "BENCHMARK_DATABASE": json.dumps(where),
        "BENCHMARK_FOLDER": str(plan.folder),
    }
    plan.tell("filling the live example")
    try:
        seed = [sys.executable, "-m", "benchmarks.live_seed"]
        said = subprocess.run(seed, env=environment, stdout=subprocess.PIPE, check=True)
        yield environment, json.loads(said.stdout)
    finally:
        if not missing:
            database.drop("live")


def measure(
    plan: Plan, calls: dict[str, tuple[str, str]], environment: dict[str, str], credentials: dict[str, str]
) -> dict[str, list[float]]:
    """Return the requests a second of each round, by call."""
    requests = {
        "bearer": get("/api/v1/products/", credentials["bearer"]),
        "basic": post("/auth/v1/token/", credentials["basic"], grant_type="client_credentials"),
    }
    rounds: dict[str, list[float]] = {name: [] for name in calls}
    with ExitStack() as stack:
        caches = dict.fromkeys(cache for cache, _kind in calls.values())
        ports = {cache: stack.enter_context(serving(environment, cache)) for cache in caches}
        for number in range(plan.rounds + 1):
            plan.tell(f"live, round {number} of {plan.rounds}")
            for name, (cache, kind) in calls.items():
                found = requests_a_second(ports[cache], requests[kind], plan.seconds)
                rounds[name] += [found] if number else []  # the first one warms up
    return rounds


@contextmanager
def serving(environment: dict[str, str], cache: str) -> Iterator[int]:
    """Run the site, with a token cache or none. Yield its port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "example_project.wsgi",
        "--bind",
        f"{HOST}:{port}",
        *GUNICORN,
    ]
    chosen = environment | ({"BENCHMARK_CACHE": cache} if cache else {})
    server = subprocess.Popen([*command, "--log-level", "warning"], env=chosen)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(SECONDS_TO_START)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    for _attempt in range(SECONDS_TO_START * 10):
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("gunicorn did not start; what it said stands above.")
