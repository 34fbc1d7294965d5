from typing import Any

from ..contender import Contender
from ..request import Request, get


class Anonymous(Contender):
    """The view that asks nobody who they are: what a call costs without any authentication."""

    label = "anonymous view"
    permissions = ["rest_framework.permissions.AllowAny"]

    lets_strangers_in = True

    def api(self, path: str, calls: int) -> list[Request]:
        return [get(path)] * calls

    def is_right(self, operation: str, answer: dict[str, Any]) -> bool:
        return answer in ({"pong": True}, {"user": ""})
