from .base import ReadOnlyAdmin


class AccessTokenAdmin(ReadOnlyAdmin):
    fields = ("application", "user", "scope", "resource", "created", "expires", "family")
    list_display = ("__str__", "application", "user", "created", "expires")
    list_filter = ("created", "expires")
    list_select_related = ("application", "user")
    search_fields = ("application", "user")
