from .access_token import AccessTokenAdmin
from .application import ApplicationAdmin
from .client_secret import ClientSecretAdmin
from .consent import ConsentAdmin
from .device_grant import DeviceGrantAdmin
from .event import EventAdmin
from .grant import GrantAdmin
from .id_token import IDTokenAdmin
from .refresh_token import RefreshTokenAdmin

__all__ = [
    "AccessTokenAdmin",
    "ApplicationAdmin",
    "ClientSecretAdmin",
    "ConsentAdmin",
    "DeviceGrantAdmin",
    "EventAdmin",
    "GrantAdmin",
    "IDTokenAdmin",
    "RefreshTokenAdmin",
]
