"""Times as people say them, and as programs read them."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext

register = template.Library()


@register.filter(expects_localtime=True)
def moment(at: datetime, form: str = "DATE_FORMAT") -> SafeString:
    """Return a moment as a `time` element, in one of the formats of the reader's language."""
    return format_html('<time datetime="{}">{}</time>', _written(at), date_format(at, form))


@register.filter(expects_localtime=True)
def ago(at: datetime) -> SafeString:
    """Return how long ago a moment was, in its largest unit, as a `time` element that has the moment itself."""
    told = gettext("a moment ago")
    if timezone.now() - at >= timedelta(minutes=1):
        told = gettext("%(time)s ago") % {"time": timesince(at, depth=1)}
    exact = date_format(at, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', _written(at), exact, told)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
