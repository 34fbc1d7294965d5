from django.contrib import admin

from ..models import ClientSecret
from .base import ReadOnlyAdmin


@admin.register(ClientSecret)
class ClientSecretAdmin(ReadOnlyAdmin):
    fields = ("application", "label", "last_four", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_display = ("__str__", "application", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("application",)
    search_fields = ("application",)
