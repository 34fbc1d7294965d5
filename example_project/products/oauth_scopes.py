"""What an application may do with a person's products, in the words that the person reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SCOPES: dict[str, dict[str, Any]] = {
    "products:read": {
        "label": _("See your products"),
        "description": _("Names, codes, prices and stock."),
        "product": _("Products"),
    },
    "products:write": {
        "label": _("Create, change and delete your products"),
        "description": _("Changes are visible to your customers at once."),
        "product": _("Products"),
        "sensitive": True,
        "implies": ["products:read"],
    },
}
