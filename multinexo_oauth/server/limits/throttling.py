"""REST framework's throttles for the endpoints that clients call."""

from typing import Any

from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

from ...models import Application
from ...origin import counted_ip
from .attempts import Limit, TooManyAttempts


class ClientThrottle(BaseThrottle):
    """Limits the requests of one client. The view has the rate's name in `throttle_scope`, and the `client`.

    A client with a secret has one count. The id of a public client is no secret, so its requests count per IP address:
    strangers cannot use up the quota of its users.
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
