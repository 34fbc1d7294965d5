"""What an application may ask for here beside the scopes of products, which their app declares itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SCOPES: dict[str, dict[str, Any]] = {
    # OpenID Connect's own three: who the person is.
    "openid": {
        "label": _("Recognize your account"),
        "description": _("By a fixed identifier, which tells neither your name nor your e-mail address."),
        "product": _("Your account"),
    },
    "profile": {
        "label": _("See your name"),
        "product": _("Your account"),
    },
    "email": {
        "label": _("See your e-mail address"),
        "product": _("Your account"),
    },
    "documents:read": {
        "label": _("See your documents"),
        "description": _("Invoices, quotes and delivery notes."),
        "product": _("Documents"),
    },
    "documents:write": {
        "label": _("Issue and cancel documents in your name"),
        "description": _("Issued documents may have tax effects."),
        "product": _("Documents"),
        "sensitive": True,
        "implies": ["documents:read"],
    },
    "entities:read": {
        "label": _("See your customers and suppliers"),
        "description": _("Names, contact details and tax identifiers."),
        "product": _("Customers and suppliers"),
    },
    "entities:write": {
        "label": _("Create and change your customers and suppliers"),
        "description": _("The documents that you issue use what it writes."),
        "product": _("Customers and suppliers"),
        "sensitive": True,
        "implies": ["entities:read"],
    },
    "cashier:read": {
        "label": _("See your cash registers and their movements"),
        "description": _("Openings, closings, payments and balances."),
        "product": _("Cashier"),
    },
    "cashier:write": {
        "label": _("Record payments and movements of your cash registers"),
        "description": _("They change the balance of your cash registers."),
        "product": _("Cashier"),
        "sensitive": True,
        "implies": ["cashier:read"],
    },
    "companies:read": {
        "label": _("See the companies you belong to"),
        "description": _("Names, branches and points of sale."),
        "product": _("Companies"),
    },
}
