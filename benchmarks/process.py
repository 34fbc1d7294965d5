"""The contenders' processes, and the rounds in which they take turns."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from statistics import median
from typing import Any


class Process:
    """A contender at work. It prepares itself at once; `hello` waits for that."""

    def __init__(self, name: str, size: int, database: dict[str, Any]) -> None:
        self.name = name
        self.size = size
        self.pipe = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", name, str(size), json.dumps(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hello(self) -> None:
        answer = self._read()
        self.label: str = answer["label"]
        self.hashes_passwords: bool = answer["hashes_passwords"]

    def ask(self, command: str, *arguments: Any) -> dict[str, Any]:
        assert self.pipe.stdin
        self.pipe.stdin.write(json.dumps([command, *arguments]) + "\n")
        self.pipe.stdin.flush()
        return self._read()

    def end(self) -> None:
        """Let it clean up; it has nothing to lose where it does not."""
        assert self.pipe.stdin
        self.pipe.stdin.close()
        try:
            self.pipe.wait(30)
        except subprocess.TimeoutExpired:
            self.pipe.kill()

    def _read(self) -> dict[str, Any]:
        assert self.pipe.stdout
        line = self.pipe.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} gave up; what it said stands above.")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running(starts: Sequence[Callable[[], Process]], at_once: int = 2) -> Iterator[list[Process]]:
    """Run contenders, so many at once while they fill their databases."""
    processes: list[Process] = []
    try:
        for index, start in enumerate(starts):
            if index >= at_once:
                processes[index - at_once].hello()
            processes.append(start())
        for process in processes[-at_once:]:
            process.hello()
        yield processes
    finally:
        for process in processes:
            process.end()


@dataclass
class Measurement:
    """One call of one contender, and what its rounds took: seconds a call."""

    process: Process
    operation: str
    calls: int
    warm_up_calls: int
    rounds: list[dict[str, float]] = field(default_factory=list)
    queries: dict[str, Any] = field(default_factory=dict)

    @property
    def cpu(self) -> float:
        """CPU time, of the process and of its database."""
        return self._median(lambda round_: round_["cpu"] + round_["backend"])

    @property
    def backend(self) -> float:
        return self._median(lambda round_: round_["backend"])

    @property
    def elapsed(self) -> float:
        return self._median(lambda round_: round_["elapsed"])

    def _median(self, of: Callable[[dict[str, float]], float]) -> float:
        return median(map(of, self.rounds))

    @property
    def sql(self) -> int:
        """How many statements a call asks of the database, those of transactions aside."""
        return self.queries["queries"]

    def warm_up(self) -> None:
        """Make calls that nobody counts, and then one whose statements are."""
        self.process.ask("measure", self.operation, self.warm_up_calls)
        self.queries = self.process.ask("queries", self.operation)

    def play(self) -> None:
        self.rounds.append(self.process.ask("measure", self.operation, self.calls))


def interleave(turns: list[list[Measurement]], rounds: int, tell: Callable[[str], None]) -> None:
    """Let contenders take turns in each round, each time from another one on: what slows one slows them all."""
    for measurement in chain(*turns):
        measurement.warm_up()
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        first = number % len(turns)
        for measurement in chain(*turns[first:], *turns[:first]):
            measurement.play()
