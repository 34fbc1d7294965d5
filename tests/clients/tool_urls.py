"""The example site with an MCP server at a path of its API, as its developer writes it on Django."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from example_project.urls import (
    handler400 as handler400,
    handler403 as handler403,
    handler404 as handler404,
    urlpatterns as site,
)
from multinexo_oauth.decorators import scope_required

WHOSE = {
    "name": "whose",
    "description": "Tell on whose behalf it is called.",
    "inputSchema": {"type": "object"},
}


@scope_required("products:read")
@require_POST
def tools(request: HttpRequest) -> HttpResponse:
    """Answer one message of MCP's Streamable HTTP transport; a notification has no id and no answer."""
    message = json.loads(request.body)
    if "id" not in message:
        return HttpResponse(status=202)
    result = _result(request, message["method"], message.get("params", {}))
    return JsonResponse({"jsonrpc": "2.0", "id": message["id"], "result": result})


def _result(request: HttpRequest, method: str, params: dict[str, Any]) -> dict[str, Any]:
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "Products", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [WHOSE]}
    bearer = request.auth  # type: ignore[attr-defined]
    return {"content": [{"type": "text", "text": f"{bearer.user_id} {bearer.scope}"}]}


urlpatterns = [*site, path("api/v1/tools/", tools)]
