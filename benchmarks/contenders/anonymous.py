from typing import Any

from ..contender import API, Contender
from ..request import Request, get


class Anonymous(Contender):
    """The view that asks nobody who they are: what a call costs without any authentication."""

    label = "anonymous view"
    permissions = ["rest_framework.permissions.AllowAny"]

    def bearer(self, calls: int) -> list[Request]:
        return [get(API)] * calls

    def is_right(self, operation: str, answer: dict[str, Any]) -> bool:
        return answer == {"user": ""}
