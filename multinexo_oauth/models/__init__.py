from .allowed_origin import AllowedOrigin
from .application import Application
from .client_secret import ClientSecret, TooManySecrets
from .consent import Consent
from .event import Event
from .grant import DeviceGrant, Grant
from .kind import Kind
from .token import AccessToken, IDToken, RefreshToken

__all__ = [
    "AccessToken",
    "AllowedOrigin",
    "Application",
    "ClientSecret",
    "Consent",
    "DeviceGrant",
    "Event",
    "Grant",
    "IDToken",
    "Kind",
    "RefreshToken",
    "TooManySecrets",
]
