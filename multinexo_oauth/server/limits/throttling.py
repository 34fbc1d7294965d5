"""REST framework's throttles for the endpoints that clients call."""

from typing import Any

from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

from ...models import Application
from ...origin import counted_ip
from .attempts import Limit, TooManyAttempts


class ClientThrottle(BaseThrottle):
    """So many requests of one client: a view tells the rate's name in `throttle_scope`, and its `client`.

    A client with a secret counts by itself, wherever it calls from. The id of one without is no secret, so whoever
    names it counts by address: strangers cannot use up what the client's own people need.
    """

    seconds = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        client: Application = view.client
        who = client.client_id if client.kind.has_secret else self.get_ident(request)
        try:
            Limit.named(view.throttle_scope).take(request, who, client.client_id)
        except TooManyAttempts as error:
            self.seconds = error.wait
            return False
        return True

    def get_ident(self, request: HttpRequest) -> str:
        return counted_ip(request)

    def wait(self) -> int:
        return self.seconds
