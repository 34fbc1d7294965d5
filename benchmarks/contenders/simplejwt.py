from datetime import timedelta
from typing import Any

from ..contender import Contender


class SimpleJWT(Contender):
    """Nothing is stored: the token tells, and the person alone is looked up."""

    label = "simplejwt"
    authentication = ["rest_framework_simplejwt.authentication.JWTAuthentication"]
    settings = {"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": timedelta(days=1)}}

    def store(self, first: Any) -> None:
        from rest_framework_simplejwt.tokens import AccessToken

        asked = set(self.people(self.size))
        self.tokens = {person: str(AccessToken.for_user(type(first)(pk=person))) for person in asked}

    def token(self, person: int) -> str:
        return self.tokens[person]
