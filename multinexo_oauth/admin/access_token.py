from .base import ReadOnlyAdmin


class AccessTokenAdmin(ReadOnlyAdmin):
    fields = ("application", "user", "scope", "resource", "created", "expires", "family")
    list_display = ("created", "application", "user", "expires")
    list_filter = ("created", "expires")
    list_select_related = ("application", "user")
    search_fields = ("application", "user")
