"""What a list of applications is searched for."""

from django.http import HttpRequest

LONGEST_NAME = 80


def asked_name(request: HttpRequest) -> str:
    """Return the name to look for. No application has a longer one, and PostgreSQL takes no NUL."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_NAME]
