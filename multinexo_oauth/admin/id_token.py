from .base import ReadOnlyAdmin


class IDTokenAdmin(ReadOnlyAdmin):
    fields = ("application", "user", "scope", "created", "expires")
    list_display = ("__str__", "application", "user", "created", "expires")
    list_filter = ("created", "expires")
    list_select_related = ("application", "user")
    search_fields = ("application", "user")
