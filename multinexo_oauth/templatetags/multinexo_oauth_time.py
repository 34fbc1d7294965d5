"""Times as people say them."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext

register = template.Library()


@register.filter
def ago(moment: datetime) -> str:
    """Return how long ago a moment was, in its largest unit."""
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("a moment ago")
    return gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}
