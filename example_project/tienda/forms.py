from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ProductForm(forms.Form):
    """What the shop asks for; the API has the last word on what it takes."""

    name = forms.CharField(label=_("Name"), max_length=120)
    sku = forms.CharField(label=_("Code"), max_length=40)
    price = forms.DecimalField(label=_("Price"), min_value=0, decimal_places=2)
    stock = forms.IntegerField(label=_("Stock"), min_value=0, initial=0)

    def add_api_errors(self, problems: dict[str, Any]) -> None:
        for name, messages in problems.items():
            self.add_error(name if name in self.fields else None, messages)
