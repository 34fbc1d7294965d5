"""A running site with a person and applications on it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import requests
from authlib.integrations.django_client import OAuth
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.live_server_helper import LiveServer

from tests.clients.ai_sdk_client import AISDKClient
from tests.clients.apache import Apache
from tests.clients.mcp_remote import MCPRemote
from tests.clients.openid_client import OpenIDClient
from tests.clients.person import Person, parameters
from tests.documents import FETCHER, documents
from tests.oauth import PRODUCTS, REVOKE, TOKEN, OAuthClient, register
from tests.requirements import apache_has, node_has, require

__all__ = ["documents"]


class Site:
    """The addresses that a developer reads in the documentation."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.issuer = f"{url}/auth/v1"
        self.authorization = f"{self.issuer}/authorize/"
        self.token = url + TOKEN
        self.revocation = url + REVOKE
        self.products = url + PRODUCTS


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site, on this machine and so by plain http, which oauthlib's clients otherwise refuse."""
    monkeypatch.setenv("NO_PROXY", f"{live_server.thread.host},127.0.0.1")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    return Site(live_server.url)


@pytest.fixture
def open_site(site: Site, settings: Any) -> Site:
    """A site that any client may come to."""
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {
        "DYNAMIC_REGISTRATION": "open",
        "CLIENT_ID_METADATA_DOCUMENTS": True,
        "SELF_REGISTERED_SCOPES": ["products:read", "products:write"],
    }
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_METADATA_FETCHER": FETCHER}
    return site


@pytest.fixture
def luis(site: Site) -> Iterator[Person]:
    User.objects.create_user("luis", "luis@example.com", "secret-of-luis")
    luis = Person(site.url, "luis", "secret-of-luis")
    yield luis
    luis.browser.close()


@pytest.fixture
def developer(site: Site) -> User:
    return User.objects.create_user("ana", "ana@example.com", "secret-of-ana")


@pytest.fixture
def web_application(developer: User) -> OAuthClient:
    return register(developer, "web", redirect_uris="https://web.example/callback")


@pytest.fixture
def service_application(developer: User) -> OAuthClient:
    return register(developer, "service")


@pytest.fixture
def login(developer: User) -> OAuthClient:
    return register(
        developer, "web", redirect_uris="https://web.example/callback", scopes="openid profile email"
    )


@pytest.fixture
def openid_client(login: OAuthClient, site: Site) -> Any:
    return OAuth().register(
        "multinexo",
        client_id=login.client_id,
        client_secret=login.secret,
        server_metadata_url=f"{site.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    )


@pytest.fixture
def started(openid_client: Any, login: OAuthClient) -> tuple[str, dict[str, Any]]:
    """Where the application sends its visitor, and what it remembers of that."""
    request = visit("/")
    address = openid_client.authorize_redirect(request, login.redirect_uri)["Location"]
    return address, request.session


@pytest.fixture
def run(site: Site) -> Iterator[Callable[..., OpenIDClient]]:
    """Start an application on npm's openid-client: `run(registration)`."""
    require(node_has("openid-client"), "Node or openid-client is not installed")
    with ExitStack() as stack:

        def run(
            registration: OAuthClient, method: str = "client_secret_basic", algorithm: str = "oidc"
        ) -> OpenIDClient:
            return stack.enter_context(OpenIDClient(registration, site.issuer, method, algorithm))

        yield run


@pytest.fixture
def web_site(run: Callable[..., OpenIDClient], developer: User) -> OpenIDClient:
    """One that may ask who its visitor is, and for the products."""
    registration = register(
        developer,
        "web",
        redirect_uris="https://web.example/callback",
        post_logout_redirect_uris="https://web.example/goodbye",
        scopes="openid profile email products:write",
    )
    return run(registration)


@pytest.fixture
def method() -> str:
    """Return how Apache authenticates at the token endpoint."""
    return "client_secret_basic"


@pytest.fixture
def response_mode() -> str:
    """Return how the site's answer is to come back to Apache."""
    return "query"


@pytest.fixture
def apache(site: Site, developer: User, method: str, response_mode: str) -> Iterator[Apache]:
    """Apache with a page that mod_auth_openidc protects."""
    require(apache_has("mod_auth_openidc"), "Apache with mod_auth_openidc is not installed")
    with TemporaryDirectory() as folder:
        apache = Apache(Path(folder))
        addresses = {"redirect_uris": apache.redirect_uri, "post_logout_redirect_uris": apache.page}
        registration = register(developer, "web", scopes="openid email", **addresses)
        apache.configure(registration, site.issuer, method, response_mode)
        with apache:
            yield apache


def visit(url: str, session: dict[str, Any] | None = None) -> HttpRequest:
    parts = urlsplit(url)
    request = RequestFactory().get(f"{parts.path}?{parts.query}")
    request.session = cast("Any", {} if session is None else session)
    return request


@pytest.fixture
def serve_tools(open_site: Site, developer: User, settings: Any) -> Iterator[Callable[..., str]]:
    """Start an MCP server that takes the site's tokens, as far as they are for it: `serve_tools(**metadata)`."""
    from tests.clients.mcp_server import mcp_server

    api = register(developer, "service", resource_server=True)
    with ExitStack() as stack:

        def serve(**metadata: Any) -> str:
            address = stack.enter_context(mcp_server(open_site, api, **metadata))
            settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"RESOURCES": [address]}
            return address

        yield serve


@pytest.fixture
def tool_server(serve_tools: Callable[..., str]) -> str:
    """The address of such a server, whose document lists the one scope that it asks for."""
    return serve_tools()


@pytest.fixture
def every_scope(open_site: Site) -> str:
    """Every scope that the site's own metadata lists, of which a client that registers itself may have two."""
    address = f"{open_site.url}/.well-known/oauth-authorization-server/auth/v1"
    return " ".join(requests.get(address, timeout=30).json()["scopes_supported"])


@pytest.fixture
def site_with_tools(open_site: Site, settings: Any) -> str:
    """The address of an MCP server at a path of the site's API."""
    settings.ROOT_URLCONF = "tests.clients.tool_urls"
    return f"{open_site.url}/api/v1/tools/"


@pytest.fixture
def remote(luis: Person, tmp_path: Path) -> Callable[..., MCPRemote]:
    """Return mcp-remote for an MCP server, and what Luis does when he is asked: `remote(server, decide)`."""
    require(node_has("mcp-remote"), "Node or mcp-remote is not installed")

    def remote(server: str, decide: Callable[[str], str] = luis.authorize) -> MCPRemote:
        return MCPRemote(server, tmp_path, decide)

    return remote


@pytest.fixture
def editor(open_site: Site) -> dict[str, Any]:
    """A client that registered itself with a port of `localhost`, as it was told what it is."""
    metadata = {"client_name": "Editor", "redirect_uris": ["http://localhost:1/oauth/callback"]}
    public = metadata | {"token_endpoint_auth_method": "none"}
    told: dict[str, Any] = requests.post(f"{open_site.issuer}/register/", json=public, timeout=30).json()
    return told


@pytest.fixture
def agent() -> Iterator[Callable[..., AISDKClient]]:
    """Start an agent on the AI SDK that has not yet met the MCP server: `agent(server, redirect_uri)`."""
    require(node_has("@ai-sdk/mcp"), "Node or @ai-sdk/mcp is not installed")
    with ExitStack() as stack:

        def agent(server: str, redirect_uri: str = "http://127.0.0.1:4321/callback") -> AISDKClient:
            return stack.enter_context(AISDKClient(server, redirect_uri))

        yield agent


@pytest.fixture
def ai_sdk(tool_server: str, agent: Callable[..., AISDKClient]) -> AISDKClient:
    return agent(tool_server)


def sign_in(agent: AISDKClient, person: Person) -> dict[str, Any]:
    """Have the person consent, and return the tokens that the agent receives."""
    answer = parameters(person.authorize(agent.do("authorize")["asked"]))
    tokens: dict[str, Any] = agent.do("receive", code=answer["code"], state=answer["state"])
    return tokens
