"""What a list is searched for."""

from django.http import HttpRequest

LONGEST = 80


def asked_name(request: HttpRequest) -> str:
    """Return the name to look for, at most 80 characters of it. PostgreSQL takes no NUL."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
