"""The views of the pages that hold a form, for a site that subclasses one: part of the public API."""

from .connected_applications.withdraw import WithdrawPermissions
from .consent.views import ConsentView
from .device.views import DeviceView
from .my_applications.credentials import Credentials, IssueSecret
from .my_applications.tabs import Brand, Overview, Permissions
from .my_applications.views import DeleteApplication, NewApplication

__all__ = [
    "Brand",
    "ConsentView",
    "Credentials",
    "DeleteApplication",
    "DeviceView",
    "IssueSecret",
    "NewApplication",
    "Overview",
    "Permissions",
    "WithdrawPermissions",
]
