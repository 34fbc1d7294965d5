"""Counts as people read them."""

from django import template

from ..interface.counts import grouped

register = template.Library()
register.filter("grouped", grouped)
