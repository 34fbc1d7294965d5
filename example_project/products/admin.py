from django.contrib import admin

from .models import Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "sku", "owner", "price", "stock", "created"]
    list_select_related = ["owner"]
    search_fields = ["name", "sku", "owner__username"]
    autocomplete_fields = ["owner"]
