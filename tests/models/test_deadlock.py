"""What a database ended for the sake of another request is done anew; what it refused for another reason is not."""

import pytest
from django.db import OperationalError, transaction

from multinexo_oauth.storage.deadlock import ATTEMPTS, Busy, survives_deadlocks

DEADLOCK = OperationalError(1213, "Deadlock found when trying to get lock; try restarting transaction")
TIMEOUT = OperationalError(1205, "Lock wait timeout exceeded; try restarting transaction")


class Work:
    """Fails with each of the errors in turn, and then succeeds."""

    def __init__(self, *errors: OperationalError) -> None:
        self.errors = list(errors)
        self.attempts = 0

    def __call__(self) -> str:
        self.attempts += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def do(work: Work) -> str:
    return survives_deadlocks(lambda: work())()


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_survived() -> None:
    assert do(Work(DEADLOCK, DEADLOCK)) == "done"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("errors", "attempts"), [([DEADLOCK] * ATTEMPTS, ATTEMPTS), ([TIMEOUT], 1), ([DEADLOCK, TIMEOUT], 2)]
)
def test_who_never_gets_through_is_told_to_come_again(errors: list[OperationalError], attempts: int) -> None:
    work = Work(*errors)
    with pytest.raises(Busy):
        do(work)
    assert work.attempts == attempts


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_the_sites_own_is_the_sites() -> None:
    work = Work(DEADLOCK)
    with pytest.raises(OperationalError), transaction.atomic():
        do(work)
    assert work.attempts == 1
