"""The URLs. A site includes `multinexo_oauth.urls` at its base path and `urls.well_known` at its root."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from .endpoints.device_authorization import DeviceAuthorizationView
from .endpoints.introspection import IntrospectionView
from .endpoints.metadata import (
    AuthorizationServerView,
    DiscoveryView,
    InsertedDiscoveryView,
    JWKSView,
    ProtectedResourceView,
)
from .endpoints.registration import ClientConfigurationView, RegistrationView
from .endpoints.revocation import RevocationView
from .endpoints.token import TokenView
from .endpoints.userinfo import UserinfoView
from .pages import converters  # noqa: F401
from .pages.consent.switch_account import SwitchAccountView
from .pages.consent.views import ConsentView
from .pages.device.views import DeviceView
from .pages.logout.views import LogoutView

app_name = "multinexo_oauth"

# Clients are given these paths without a slash too, and a redirect would lose the body of their POST.
endpoints: list[URLPattern | URLResolver] = [
    path("token/", TokenView.as_view(), name="token"),
    path("token", TokenView.as_view()),
    path("revoke/", RevocationView.as_view(), name="revoke"),
    path("revoke", RevocationView.as_view()),
    path("introspect/", IntrospectionView.as_view(), name="introspect"),
    path("introspect", IntrospectionView.as_view()),
    path("userinfo/", UserinfoView.as_view(), name="userinfo"),
    path("userinfo", UserinfoView.as_view()),
    path("device-authorization/", DeviceAuthorizationView.as_view(), name="device-authorization"),
    path("device-authorization", DeviceAuthorizationView.as_view()),
    path("register/", RegistrationView.as_view(), name="register"),
    path("register", RegistrationView.as_view()),
    path("register/<client_id:client_id>/", ClientConfigurationView.as_view(), name="client-configuration"),
    path("register/<client_id:client_id>", ClientConfigurationView.as_view()),
    path(".well-known/openid-configuration", DiscoveryView.as_view(), name="openid-configuration"),
    path(".well-known/jwks.json", JWKSView.as_view(), name="jwks"),
]

pages: list[URLPattern | URLResolver] = [
    path("authorize/", ConsentView.as_view(), name="authorize"),
    re_path(r"^(?:authorize|authorization/?)$", ConsentView.as_view()),
    path("cambiar-cuenta/", SwitchAccountView.as_view(), name="switch-account"),
    path("aplicaciones-conectadas/", include("multinexo_oauth.pages.connected_applications.urls")),
    path("device/", DeviceView.as_view(), name="device"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("logout", LogoutView.as_view()),
    path("mis-aplicaciones/", include("multinexo_oauth.pages.my_applications.urls")),
]

urlpatterns = [*endpoints, *pages]

# RFC 8414 section 3.1 and RFC 9728 section 3.1 put these at the root of the host, the identifier's path after them.
well_known: tuple[list[URLPattern | URLResolver], str] = (
    [
        re_path(
            r"^\.well-known/oauth-authorization-server(?:/(?P<path>.*))?$",
            AuthorizationServerView.as_view(),
            name="authorization-server",
        ),
        re_path(r"^\.well-known/openid-configuration(?:/(?P<path>.*))?$", InsertedDiscoveryView.as_view()),
        re_path(
            r"^\.well-known/oauth-protected-resource(?:/(?P<path>.*))?$",
            ProtectedResourceView.as_view(),
            name="protected-resource",
        ),
    ],
    "multinexo_oauth_well_known",
)
