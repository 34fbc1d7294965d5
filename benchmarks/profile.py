"""Where the time of a call goes: `python -m benchmarks.profile CONTENDER CALL`, such as `ours refresh`."""

import cProfile
import pstats
import sys
import tempfile
import time
from pathlib import Path

from . import database, worker
from .calls import SIZE

CALLS = 200
LINES = 160


def main(name: str, operation: str) -> None:
    contender = worker.load(name, SIZE)
    with tempfile.TemporaryDirectory() as folder:
        worker.configure(contender, database.sqlite(Path(folder), name))
        worker.prepare(contender)
        site = worker.Site(contender)
        if operation == "refresh":
            site.measure("exchange", 2 * CALLS)
        site.measure(operation, CALLS)
        environs = [request.environ() for request in site.requests(operation, CALLS)]
        profile = cProfile.Profile(time.process_time)
        profile.enable()
        for environ in environs:
            site.call(environ)
        profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(LINES)


if __name__ == "__main__":
    main(*sys.argv[1:])
