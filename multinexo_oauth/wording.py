"""What permissions are called, and what ends or has ended in numbers, as pages and messages say it."""

from collections.abc import Iterable

from django.utils.translation import gettext, ngettext

from .scopes import describe


def labels(names: Iterable[str]) -> str:
    """Return the permissions' labels, each in quotes: some have commas of their own."""
    return ", ".join(gettext("“%s”") % scope.label for scope in describe(names))


def tokens_end(count: int) -> list[str]:
    effect = ngettext(
        "Access that is open now ends at the next request (%(count)d token).",
        "Access that is open now ends at the next request (%(count)d tokens).",
        count,
    )
    return [effect % {"count": count}] if count else []


def tokens_ended(count: int) -> str:
    """Return a sentence that follows another, or nothing where no token was live."""
    ended = ngettext(
        "Access that was open has ended (%(count)d token).",
        "Access that was open has ended (%(count)d tokens).",
        count,
    )
    return " " + ended % {"count": count} if count else ""
