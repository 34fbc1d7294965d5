"""Phrases that pages and messages share: the names of permissions, and how many tokens end."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from ..scopes import carriers, describe
from .counts import grouped

if TYPE_CHECKING:
    from ..ending.permissions import Holders
    from ..models import Application


# A sentence names at most this many permissions and counts the others.
MOST_NAMED = 15


def labels(names: Iterable[str]) -> str:
    """Return the permissions' labels, each in quotes: some have commas of their own."""
    return shortened_list([gettext("“%s”") % scope.label for scope in describe(names)], ", ")


def shortened_list(told: Sequence[str], separator: str) -> str:
    """Return a list as text that names the first items and counts the others."""
    named, more = separator.join(told[:MOST_NAMED]), len(told) - MOST_NAMED
    if more <= 0:
        return named
    return gettext("%(names)s and %(count)s more") % {"names": named, "count": grouped(more)}


def tokens_end(count: int) -> list[str]:
    effect = ngettext(
        "%(count)s live token ends at the next request.",
        "%(count)s live tokens end at the next request.",
        count,
    )
    return [effect % {"count": grouped(count)}] if count else []


def tokens_ended(count: int) -> str:
    """Return a sentence that follows another, or nothing where no token was live."""
    ended = ngettext(
        "%(count)s live token has ended.",
        "%(count)s live tokens have ended.",
        count,
    )
    return " " + ended % {"count": grouped(count)} if count else ""


def taken_from_the_list(names: Sequence[str], ends: "Holders") -> str:
    """Return what the loss of permissions means at once, and for whom, as a message."""
    refused = ngettext(
        "Saved. From now on, requests for %(permissions)s are refused, and renewed tokens do not carry it.",
        "Saved. From now on, requests for %(permissions)s are refused, and renewed tokens do not carry them.",
        len(names),
    )
    return f"{refused % {'permissions': labels(names)}} {who_holds(ends)}"


def who_holds(ends: "Holders") -> str:
    people = ngettext("%(count)s person has granted it.", "%(count)s people have granted it.", ends.people)
    tokens = ngettext("%(count)s live token carries it.", "%(count)s live tokens carry it.", ends.tokens)
    if ends:
        return (
            people % {"count": grouped(ends.people)}
            if ends.people
            else tokens % {"count": grouped(ends.tokens)}
        )
    return gettext("Nobody has granted it.")


def ending_effects(application: "Application", names: Sequence[str], ends: "Holders") -> list[str]:
    """Return what ending permissions does that the application may not ask for any more."""
    along = describe(set(carriers(names)).intersection(application.scope_names))
    narrowed = ngettext(
        "%(count)s person has granted it: they lose it and keep the rest.",
        "%(count)s people have granted it: they lose it and keep the rest.",
        ends.people,
    )
    told = [
        narrowed % {"count": grouped(ends.people)},
        *(
            gettext("“%s” also ends where it was granted, because it includes this permission.") % scope.label
            for scope in along
        ),
        gettext("People who granted nothing else are no longer connected."),
    ]
    otherwise = gettext(
        "If you cancel, tokens keep it until they expire, and people who granted it are not asked "
        "again if you allow it again."
    )
    of_nobody = gettext("If you cancel, tokens keep it until they expire.")
    return [
        *(told if ends.people else []),
        *tokens_end(ends.tokens),
        otherwise if ends.people else of_nobody,
    ]


def ending_done(names: Sequence[str], ends: "Holders") -> str:
    """Return that permissions have ended, and for how many."""
    ended = ngettext(
        "%(permissions)s has ended for %(count)s person.",
        "%(permissions)s has ended for %(count)s people.",
        ends.people,
    )
    said = ended if ends.people else gettext("%(permissions)s has ended.")
    return said % {"permissions": labels(names), "count": grouped(ends.people)} + tokens_ended(ends.tokens)
