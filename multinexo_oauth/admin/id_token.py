from .base import ReadOnlyAdmin


class IDTokenAdmin(ReadOnlyAdmin):
    fields = ("application", "user", "scope", "created", "expires")
    list_display = ("created", "application", "user", "expires")
    list_filter = ("created", "expires")
    list_select_related = ("application", "user")
    search_fields = ("application", "user")
