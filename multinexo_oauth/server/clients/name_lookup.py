"""Looking up a host's addresses in bounded time: the system's resolver takes no limit and cannot be stopped."""

import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue

# How many look-ups one process runs at once. A look-up that hangs keeps its slot until the resolver gives up.
AT_ONCE = 10


class LookupFailed(Exception):
    """There was no answer in time, or no place for the question."""


class Lookups:
    """Runs look-ups in threads of their own, so many at once and no more."""

    def __init__(self, at_once: int) -> None:
        self.places = threading.BoundedSemaphore(at_once)

    def within(self, deadline: float, look_up: Callable[[], Iterable[str]]) -> list[str]:
        """Return what `look_up` finds by the deadline, a time of `time.monotonic`, or raise what it raises.

        Raises LookupFailed where it takes longer, or where too many others do already.
        """
        if not self.places.acquire(blocking=False):
            raise LookupFailed("Too many hosts are being looked up.")
        answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

        def run() -> None:
            try:
                answers.put(list(look_up()))
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                answers.put(error)
            finally:
                self.places.release()

        self._start(run)
        return _read(answers, deadline)

    def _start(self, run: Callable[[], None]) -> None:
        # A daemon, for the process need not wait for a resolver in order to end.
        thread = threading.Thread(target=run, name="multinexo_oauth-lookup", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            self.places.release()
            raise LookupFailed("No thread is to be had.") from error


def _read(answers: SimpleQueue[list[str] | Exception], deadline: float) -> list[str]:
    try:
        answer = answers.get(timeout=max(0, deadline - time.monotonic()))
    except Empty:
        raise LookupFailed("The host's name is not resolved in time.") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


lookups = Lookups(AT_ONCE)
