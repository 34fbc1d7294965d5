"""What people are called."""

from django import template

from multinexo_oauth import people

register = template.Library()
register.filter("account", people.account)
