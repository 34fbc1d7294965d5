from .base import ReadOnlyAdmin


class GrantAdmin(ReadOnlyAdmin):
    fields = (
        "application",
        "user",
        "scope",
        "resource",
        "redirect_uri",
        "created",
        "expires",
        "redeemed_at",
        "family",
    )
    list_display = ("created", "application", "user", "expires", "redeemed_at")
    list_filter = ("created",)
    list_select_related = ("application", "user")
    search_fields = ("application", "user")
