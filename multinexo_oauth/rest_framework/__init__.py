from .authentication import OAuth2Authentication
from .permissions import (
    IsOwner,
    IsSessionAuthenticated,
    IsTokenAuthenticated,
    TokenHasActionScopes,
    TokenHasAnyScope,
    TokenHasMethodScopes,
    TokenHasResourceScope,
    TokenHasScope,
    person_of,
)

__all__ = [
    "IsOwner",
    "IsSessionAuthenticated",
    "IsTokenAuthenticated",
    "OAuth2Authentication",
    "TokenHasActionScopes",
    "TokenHasAnyScope",
    "TokenHasMethodScopes",
    "TokenHasResourceScope",
    "TokenHasScope",
    "person_of",
]
