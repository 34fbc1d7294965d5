from .authentication import OAuth2Authentication
from .permissions import (
    IsTokenAuthenticated,
    TokenHasActionScopes,
    TokenHasAnyScope,
    TokenHasMethodScopes,
    TokenHasResourceScope,
    TokenHasScope,
)

__all__ = [
    "IsTokenAuthenticated",
    "OAuth2Authentication",
    "TokenHasActionScopes",
    "TokenHasAnyScope",
    "TokenHasMethodScopes",
    "TokenHasResourceScope",
    "TokenHasScope",
]
