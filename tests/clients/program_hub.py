"""A JupyterHub with what `jupyterhub_config.py` in its folder says, and no proxy before it."""

import os

from jupyterhub.proxy import Proxy
from traitlets.config import get_config


class NoProxy(Proxy):
    """People come to the hub itself, which alone signs them in."""

    should_start = False

    async def add_route(self, routespec: str, target: str, data: dict[str, str]) -> None:
        pass

    async def delete_route(self, routespec: str) -> None:
        pass

    async def get_all_routes(self) -> dict[str, dict[str, str]]:
        return {}


c = get_config()
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.hub_port = int(os.environ["PORT"])
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.spawner_class = "simple"
load_subconfig("jupyterhub_config.py")  # type: ignore[name-defined]  # noqa: F821
