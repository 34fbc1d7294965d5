from django.contrib import admin

from ..models import Consent
from .base import ReadOnlyAdmin


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    fields = ("application", "user", "scope", "created_at", "updated_at")
    list_display = ("created_at", "application", "user", "updated_at")
    list_filter = ("created_at",)
    list_select_related = ("application", "user")
    search_fields = ("application", "user")
