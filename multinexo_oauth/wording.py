"""What ends or has ended, in numbers, as pages and messages say it."""

from django.utils.translation import ngettext


def tokens_end(count: int) -> list[str]:
    effect = ngettext(
        "%(count)d token stops working at the next request.",
        "%(count)d tokens stop working at the next request.",
        count,
    )
    return [effect % {"count": count}] if count else []


def tokens_ended(count: int) -> str:
    """Return a sentence that follows another, or nothing where no token was live."""
    ended = ngettext("%(count)d token was revoked.", "%(count)d tokens were revoked.", count)
    return " " + ended % {"count": count} if count else ""
