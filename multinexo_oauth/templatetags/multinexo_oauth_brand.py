"""What the base template needs to know of the site it dresses."""

from django import template

from multinexo_oauth.conf import conf

register = template.Library()


@register.simple_tag
def brand_name() -> str:
    """Return the name people know the site by."""
    return conf.brand_name
