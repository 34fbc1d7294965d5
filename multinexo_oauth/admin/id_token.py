from django.db.models import Model
from django.http import HttpRequest

from .base import ReadOnlyAdmin


class IDTokenAdmin(ReadOnlyAdmin):
    """Registered because django-oauth-toolkit registers one, and shown to nobody: the table stays empty."""

    fields = ("application", "user", "scope", "created", "expires")
    list_display = ("created", "application", "user", "expires")
    list_filter = ("created", "expires")
    list_select_related = ("application", "user")
    search_fields = ("application", "user")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
