from typing import TYPE_CHECKING

from django.contrib import admin

from .models import Product

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Product]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(Product)
class ProductAdmin(ModelAdmin):
    list_display = ["name", "sku", "owner", "price", "stock", "created"]
    list_select_related = ["owner"]
    search_fields = ["name", "sku", "owner__username"]
    autocomplete_fields = ["owner"]
