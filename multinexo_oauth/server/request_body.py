"""Preparing request bodies that are chunked or name a charset."""

import codecs
from io import BytesIO

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError


def prepare_body(request: HttpRequest) -> None:
    """Read the body completely, and as UTF-8.

    Forms and JSON are ASCII or UTF-8 whatever the charset says: the default of some clients is ISO-8859-1. Raises
    InvalidRequestError with status 411 for chunks whose end the server does not mark.
    """
    if request.encoding is not None:
        request.encoding = "utf-8"
    if (
        isinstance(request, WSGIRequest)
        and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    ):
        _join(request)


def check_charset(request: HttpRequest) -> None:
    """Raise InvalidRequestError for a charset that nobody knows."""
    if not is_charset((request.content_params or {}).get("charset", "utf-8")):
        raise InvalidRequestError(description="The charset of the body is unknown; send UTF-8.")


def is_charset(name: str) -> bool:
    """Tell whether Python decodes text by that name; some of its codecs are for something else."""
    try:
        codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return True


def _join(request: WSGIRequest) -> None:
    """Join the chunks into one body: Django reads up to Content-Length, which a chunked request lacks."""
    if not request.environ.get("wsgi.input_terminated"):
        raise InvalidRequestError(
            description="Send a Content-Length: this server does not read chunked bodies.", status_code=411
        )
    limit: int | None = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        body = request.environ["wsgi.input"].read(-1 if limit is None else limit + 1)
    except OSError as error:
        raise InvalidRequestError(description="The body is malformed.") from error
    if limit is not None and len(body) > limit:
        raise InvalidRequestError(description=f"A body has at most {limit} bytes.", status_code=413)
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)
