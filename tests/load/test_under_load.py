"""Everything at once, for a while: nothing fails, nothing is lost, and nothing that was ended is let in."""

import os
import random
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic

import pytest
from django.contrib.auth.models import User
from django.db import connection

from multinexo_oauth.models import RefreshToken
from tests.conformance import proves
from tests.redis_server import Redis

from .at_once import closing, forget
from .cast import Cast
from .ending import EndingThings
from .ledger import Ledger
from .using import Using
from .wire import Site

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
SECONDS = float(os.environ.get("LOAD_SECONDS", "20"))
USERS, ENDERS = 8, 2

Acts = dict[Callable[[], None], int]


def keep_on(acts: Acts, until: float, ledger: Ledger) -> Counter[str]:
    """Do one act after another, at random. What an act raises is a fault."""
    done: Counter[str] = Counter()
    while monotonic() < until:
        (act,) = random.choices(list(acts), list(acts.values()))
        try:
            act()
        except Exception:  # noqa: BLE001 - whatever it is, nobody was to see it
            ledger.fault(f"{act.__name__}: {traceback.format_exc()}")
        done[act.__name__] += 1
    return done


@proves("under-load", "never-a-server-error", "cache-ended", "refresh-at-once")
def test_under_load_nothing_fails_nothing_is_lost_and_nothing_ended_is_let_in(
    site: Site, redis: Redis, owner: User, staff: User
) -> None:
    cast, ledger = Cast(site, owner, staff), Ledger()
    using, ending = Using(cast, ledger), EndingThings(cast, ledger)
    until = monotonic() + SECONDS
    with ThreadPoolExecutor(USERS + ENDERS) as threads:
        loops = [using.acts] * USERS + [ending.acts] * ENDERS
        runs = [threads.submit(closing, partial(keep_on, acts, until, ledger)) for acts in loops]
    done: Counter[str] = sum((run.result() for run in runs), Counter())
    everything_is_tried(using, redis)
    print(f"{site.answers} answers, {len(site.busy)} of them 503; {dict(done)}")
    faults = Counter([*site.errors, *ledger.faults])
    assert not faults, "\n" + "\n".join(f"{count} times: {fault}" for fault, count in faults.most_common())
    assert one_successor()
    assert set(done) >= {act.__name__ for act in using.acts}
    if site.busy:
        warnings.warn(f"{len(site.busy)} of {site.answers} answers were 503", stacklevel=1)
    assert len(site.busy) * 100 <= site.answers


def everything_is_tried(using: Using, redis: Redis) -> None:
    """Try every credential once all is quiet; the database, without the cache, agrees about each access token."""
    tokens = [token for token in using.ledger.credentials if token.what == "access token"]
    by_the_cache = [is_good(using, token.value) for token in tokens]
    for token in tokens:
        using.call_with(token)
    while family := using.cast.take_family():
        using.refreshed(family, 1)
    forget(redis)
    for token, good in zip(tokens, by_the_cache, strict=True):
        if good != is_good(using, token.value):
            using.ledger.fault("the cache says otherwise than the database")


def is_good(using: Using, token: str) -> bool:
    return bool(using.products.list(token).status_code == 200)


def one_successor() -> bool:
    """Tell whether no family has two refresh tokens that are good."""
    families = Counter(RefreshToken.objects.live().values_list("family", flat=True))
    return max(families.values(), default=1) == 1
