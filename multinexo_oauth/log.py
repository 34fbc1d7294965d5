"""Keep credentials that came in a query string out of the logs."""

import logging
from typing import Any

from django.http import HttpRequest

from .error_reports import mask_query, masked

# Django's own loggers of requests; `django.server` writes the lines of runserver.
LOGGERS = ("django.request", "django.server", "django.security.csrf")


class ScrubAccessTokens(logging.Filter):
    """Write `access_token=***` for the access tokens in a record's text and in its request.

    The same goes for the two other credentials that stand in addresses: `id_token_hint` and a device's `user_code`.

    The app puts it on Django's request loggers. A site adds it to those of its web server:

        "filters": {"access_tokens": {"()": "multinexo_oauth.log.ScrubAccessTokens"}},
        "loggers": {"gunicorn.access": {"filters": ["access_tokens"]}},
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _masked(record.msg)
        if isinstance(record.args, dict):
            record.args = {name: _masked(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(_masked(value) for value in record.args)
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            mask_query(request)
        return True


def _masked(value: Any) -> Any:
    return masked(value) if isinstance(value, str) else value


def install() -> None:
    """Put the filter on Django's request loggers, once."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, ScrubAccessTokens) for known in logger.filters):
            logger.addFilter(ScrubAccessTokens())
