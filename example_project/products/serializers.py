from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from .models import Product

MOST = 999_999
TOO_MUCH = _("Write a number of at most 999,999.")


class ProductSerializer(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = ["id", "name", "sku", "price", "stock", "created"]
        read_only_fields = ["created"]
        extra_kwargs = {
            "price": {
                "max_value": Decimal(MOST),
                "error_messages": dict.fromkeys(("max_value", "max_digits", "max_whole_digits"), TOO_MUCH),
            },
            "stock": {
                "max_value": MOST,
                "error_messages": dict.fromkeys(("max_value", "max_string_length"), TOO_MUCH),
            },
        }
