"""Counts as people read them."""

from django import template

from multinexo_oauth.counts import grouped

register = template.Library()
register.filter("grouped", grouped)
