"""The process of one contender: takes a line of JSON on its input, answers with one on its output.

    python -m benchmarks.worker NAME SIZE '{"ENGINE": …}'

Each contender has a process of its own, for their settings and models exclude each other.
"""

import gc
import json
import re
import sys
import time
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from .contender import Contender
from .contenders import CLASSES
from .request import Request

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TRANSACTION = re.compile(r"SAVEPOINT|RELEASE|BEGIN|COMMIT|ROLLBACK|SET ")


class WrongAnswer(Exception):
    """A contender that refuses the call, and so measures nothing."""


def load(name: str, size: int) -> Contender:
    module, _dot, attribute = CLASSES[name].partition(".")
    contender: Contender = getattr(import_module(f"benchmarks.contenders.{module}"), attribute)(size)
    return contender


def configure(contender: Contender, database: dict[str, Any]) -> None:
    """Set Django up: the same for all but for what the contender names."""
    common: dict[str, Any] = {
        "SECRET_KEY": "a-key-of-more-than-thirty-two-bytes-for-HS256",
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "ROOT_URLCONF": "benchmarks.urls",
        "CONTENDER_URLS": contender.urls,
        "USE_TZ": True,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "DATABASES": {"default": {"CONN_MAX_AGE": None} | database},
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "rest_framework",
            *contender.apps,
        ],
        "MIDDLEWARE": [*MIDDLEWARE, *contender.middleware],
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        "REST_FRAMEWORK": {
            "DEFAULT_AUTHENTICATION_CLASSES": contender.authentication,
            "DEFAULT_PERMISSION_CLASSES": contender.permissions,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
    }
    settings.configure(**common | contender.settings)
    django.setup()


def prepare(contender: Contender) -> None:
    from django.db import connection

    call_command("migrate", verbosity=0)
    contender.seed()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


class Site:
    """Django as a WSGI server sees it, with clocks around it."""

    def __init__(self, contender: Contender) -> None:
        from django.core.wsgi import get_wsgi_application

        self.contender = contender
        self.handler = get_wsgi_application()
        self.backend = backend_clock()

    def answer(self, request: Request) -> tuple[str, bytes]:
        """Return status and body, having closed the response as a server does."""
        return self.call(request.environ())

    def call(self, environ: dict[str, Any]) -> tuple[str, bytes]:
        status: list[str] = []
        response = self.handler(environ, lambda line, _headers: status.append(line))
        body = b"".join(response)
        response.close()
        return status[0], body

    def keep_out(self) -> None:
        """Raise WrongAnswer where a token that nobody issued opens the API."""
        status, _body = self.answer(self.contender.stranger())
        if status.startswith("200") != self.contender.lets_strangers_in:
            raise WrongAnswer(f"{self.contender.label}, an unknown token: {status}")

    def measure(self, operation: str, calls: int) -> dict[str, float]:
        """Return seconds a call: CPU time of this process and of its PostgreSQL backend, and time elapsed.

        A few calls before do not count: others had the processor's caches, which no process of a busy site has to fill.
        """
        before = calls // 4
        environs = [request.environ() for request in self.requests(operation, before + calls)]
        gc.collect()
        answers = [self.call(environ) for environ in environs[:before]]
        backend = self.backend()
        elapsed, cpu = time.perf_counter(), time.process_time()
        for environ in environs[before:]:
            answers.append(self.call(environ))  # noqa: PERF401  # a loop costs the same in every Python
        cpu, elapsed = time.process_time() - cpu, time.perf_counter() - elapsed
        backend = self.backend() - backend
        self.check(operation, answers)
        return {"cpu": cpu / calls, "backend": backend / calls, "elapsed": elapsed / calls}

    def queries(self, operation: str) -> dict[str, int]:
        """Return how many statements one call asks of the database, those of transactions aside."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        (request,) = self.requests(operation, 1)
        with CaptureQueriesContext(connection) as captured:
            answer = self.answer(request)
        self.check(operation, [answer])
        asked = [query["sql"] for query in captured]
        return {
            "queries": sum(not TRANSACTION.match(statement) for statement in asked),
            "statements": len(asked),
        }

    def requests(self, operation: str, calls: int) -> list[Request]:
        requests: list[Request] = getattr(self.contender, operation)(calls)
        if len(requests) != calls:
            raise WrongAnswer(f"{operation}: {len(requests)} requests of {calls}")
        return requests

    def check(self, operation: str, answers: Iterable[tuple[str, bytes]]) -> None:
        """Raise WrongAnswer unless each answer is what the call is for."""
        for status, body in answers:
            if status != "200 OK" or not self.contender.has_answered(operation, body):
                raise WrongAnswer(f"{self.contender.label}, {operation}: {status} {body[:500]!r}")


def backend_clock() -> Any:
    """Return a function that tells the CPU seconds of this connection's PostgreSQL backend, always 0 without one."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    path = Path(f"/proc/{pid}/schedstat")
    if connection.settings_dict["HOST"] not in {"127.0.0.1", "localhost", ""} or not path.exists():
        return lambda: 0.0
    return lambda: int(path.read_text().split()[0]) / 1e9


def main(name: str, size: str, database: str) -> None:
    output, sys.stdout = sys.stdout, sys.stderr
    contender = load(name, int(size))
    configure(contender, json.loads(database))
    prepare(contender)
    site = Site(contender)
    site.keep_out()
    hello = {"label": contender.label, "hashes_passwords": contender.hashes_passwords}
    print(json.dumps(hello), file=output, flush=True)
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        print(json.dumps(getattr(site, command)(*arguments)), file=output, flush=True)
    contender.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
