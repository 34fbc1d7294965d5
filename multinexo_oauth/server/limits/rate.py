"""Rates of requests, written as Django REST framework writes them, with a number before the unit as well."""

import re
from functools import lru_cache

RATE = re.compile(r"([1-9]\d*)/(\d*)([smhd])[a-z]*")
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@lru_cache
def read_rate(rate: str) -> tuple[int, int]:
    """Return how many requests a rate such as `10/10min` allows, and in how many seconds.

    Raises ValueError for a text that is no rate.
    """
    found = RATE.fullmatch(rate)
    if found is None:
        raise ValueError(rate)
    number, units, unit = found.groups()
    return int(number), int(units or 1) * UNIT_SECONDS[unit]
