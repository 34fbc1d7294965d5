"""Tags for the base template."""

from django import template
from django.urls import get_script_prefix

from multinexo_oauth.policy import policy

register = template.Library()
# Where the site begins, which may be under a path of its host.
register.simple_tag(get_script_prefix, name="start_url")


@register.simple_tag(takes_context=True)
def brand_name(context: template.Context) -> str:
    """Return the name people know the site by."""
    return policy().brand_name(context.get("request"))
