"""What was delivered and what was ended, with the moments of each: what must work, and what must not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any


@dataclass(eq=False)
class Credential:
    """A token, or a code on its way to one. `asked` is when its request was sent, `told` when the answer was there."""

    what: str
    value: str
    application: int
    person: int | None
    family: object
    scopes: frozenset[str]
    asked: float
    told: float


@dataclass(eq=False)
class Ending:
    """An act that ends the credentials it covers, from its acknowledgement until it is taken back."""

    what: str
    covers: Callable[[Credential], bool]
    began: float = field(default_factory=monotonic)
    acknowledged: float = inf
    taken_back: float = inf
    over: float = inf

    def must_have_ended(self, credential: Credential, sent: float, received: float) -> bool:
        """Tell whether a request for which the credential was used comes after the act, whatever the order at once."""
        given_before = credential.told < self.began
        return given_before and self.acknowledged < sent and received < self.taken_back

    def may_have_ended(self, credential: Credential, sent: float, received: float) -> bool:
        """Tell whether a refusal may be the act's doing."""
        if self.began > received or self.over < sent:
            return False
        return self.over < inf or self.acknowledged > credential.asked


class Ledger:
    """Everything of a run. Threads write to it at once."""

    def __init__(self) -> None:
        self.endings: list[Ending] = []
        self.credentials: list[Credential] = []
        self.faults: list[str] = []
        self._lock = threading.Lock()

    def deliver(self, credential: Credential) -> Credential:
        with self._lock:
            self.credentials.append(credential)
        return credential

    def fault(self, told: str) -> None:
        with self._lock:
            self.faults.append(told)

    @contextmanager
    def ending(self, what: str, covers: Callable[[Credential], bool]) -> Iterator[Ending]:
        """Note an act that the body does. It counts as acknowledged unless the body raises or sets otherwise."""
        ending = Ending(what, covers)
        with self._lock:
            self.endings.append(ending)
        yield ending
        ending.acknowledged = monotonic()

    @contextmanager
    def use(self, credential: Credential) -> Iterator["Use"]:
        """Judge the use of a credential by what the body finds: whether it was let in."""
        use = Use()
        sent = monotonic()
        yield use
        received = monotonic()
        endings = [ending for ending in list(self.endings) if ending.covers(credential)]
        if use.let_in:
            wrong = [ending for ending in endings if ending.must_have_ended(credential, sent, received)]
            if wrong:
                self.fault(
                    f"{credential.what} let in {sent - wrong[0].acknowledged:.3f} s after: {wrong[0].what}"
                )
        reasons = (ending.may_have_ended(credential, sent, received) for ending in endings)
        if use.let_in is False and not any(reasons):
            self.fault(f"{credential.what} refused without a reason: {use.told}")


@dataclass
class Use:
    """`let_in` stays None where the answer tells nothing."""

    let_in: bool | None = None
    told: Any = ""
