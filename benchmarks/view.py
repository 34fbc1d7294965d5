from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .contender import SCOPE


class PingView(APIView):
    """The API of every contender. Who may ask stands in each one's settings."""

    required_scopes = [SCOPE]

    def get(self, request: Request) -> Response:
        return Response({"pong": True})


class WhoView(PingView):
    """An API that looks at the person, whom some contenders load no sooner."""

    def get(self, request: Request) -> Response:
        return Response({"user": request.user.get_username()})
