"""Addresses of Aplicaciones conectadas, under `aplicaciones-conectadas/`."""

from django.urls import URLPattern, path

from .. import converters  # noqa: F401
from .remove import RemoveAllConnections, RemoveConnection
from .views import ConnectedApplication, ConnectedApplications
from .withdraw import WithdrawPermissions

urlpatterns: list[URLPattern] = [
    path("", ConnectedApplications.as_view(), name="connected-applications"),
    path("quitar-todas/", RemoveAllConnections.as_view(), name="connections-remove-all"),
    path("<client_id:client_id>/", ConnectedApplication.as_view(), name="connected-application"),
    path("<client_id:client_id>/quitar/", RemoveConnection.as_view(), name="connection-remove"),
    path("<client_id:client_id>/permisos/", WithdrawPermissions.as_view(), name="connection-withdraw"),
]
