from typing import Any

from ..contender import Contender
from ..rows import multiply
from ..secret import value, value_sql

LENGTH = 40


class DRF(Contender):
    label = "DRF TokenAuthentication"
    scheme = "Token"
    apps = ["rest_framework.authtoken"]
    authentication = ["rest_framework.authentication.TokenAuthentication"]

    def store(self, first: Any) -> None:
        from rest_framework.authtoken.models import Token

        row = Token.objects.create(user=first, key=self.token(first.pk))
        multiply(row, self.size, key=f"substr({value_sql()}, 1, {LENGTH})", user_id="i")

    def token(self, person: int) -> str:
        return value(person)[:LENGTH]
