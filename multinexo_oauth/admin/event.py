from django.contrib import admin

from ..models import Event
from .base import ReadOnlyAdmin


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    fields = ("at", "action", "application", "application_name", "actor", "address", "detail")
    list_display = ("at", "action", "application_name", "actor", "address")
    list_filter = ("action", "at")
    list_select_related = ("actor",)
    person_field = "actor"
    search_fields = ("application", "actor")
