"""An agent on the AI SDK's MCP client, in a process of its own."""

from tests.clients.openid_client import OpenIDClient


class AISDKClient(OpenIDClient):
    """The program `node/ai_sdk_client.mjs`, which knows an MCP server by its address alone."""

    program = "ai_sdk_client.mjs"

    def __init__(self, server: str, redirect_uri: str) -> None:
        self.beginning = {"server": server, "redirect_uri": redirect_uri}
