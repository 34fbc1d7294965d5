from .base import FastAdmin


class ApplicationAdmin(FastAdmin):
    exclude = ("client_secret", "hash_client_secret")
    list_display = ("name", "kind", "user", "verified")
    list_select_related = ("user",)
    raw_id_fields = ("user",)
