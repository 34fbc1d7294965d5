"""Counts as people read them."""

from django.conf import settings
from django.utils.formats import number_format


def grouped(count: int) -> str:
    """Return a count with the separators of the reader's language, which Django leaves out by default."""
    return number_format(count, use_l10n=True, force_grouping=True)


class Count(int):
    """A count for Django's own templates, which then write it as `grouped` does."""

    def __str__(self) -> str:
        # Where the site's setting has Django put separators, it puts them into this.
        return super().__str__() if settings.USE_THOUSAND_SEPARATOR else grouped(int(self))
