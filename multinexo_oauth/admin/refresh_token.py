from .base import ReadOnlyAdmin


class RefreshTokenAdmin(ReadOnlyAdmin):
    fields = (
        "application",
        "user",
        "scope",
        "resource",
        "created",
        "expires",
        "replaced_at",
        "revoked",
        "family",
    )
    list_display = ("created", "application", "user", "expires", "replaced_at", "revoked")
    list_filter = ("created", "revoked")
    list_select_related = ("application", "user")
    search_fields = ("application", "user")
