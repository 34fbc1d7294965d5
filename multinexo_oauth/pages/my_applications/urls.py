"""Addresses of Mis Aplicaciones, under `mis-aplicaciones/`."""

from django.urls import URLPattern, path

from .. import converters  # noqa: F401
from .activity import Activity
from .credentials import ChangePkce, Credentials, IssueSecret, RevokeSecret
from .end_permissions import EndPermissions
from .tabs import Brand, Overview, Permissions
from .views import ChooseKind, DeleteApplication, MyApplications, NewApplication

urlpatterns: list[URLPattern] = [
    path("", MyApplications.as_view(), name="my-applications"),
    path("nueva/", ChooseKind.as_view(), name="application-new"),
    path("nueva/<str:kind>/", NewApplication.as_view(), name="application-create"),
    path("<client_id:client_id>/", Overview.as_view(), name="application"),
    path("<client_id:client_id>/credenciales/", Credentials.as_view(), name="application-credentials"),
    path("<client_id:client_id>/credenciales/pkce/", ChangePkce.as_view(), name="application-pkce"),
    path("<client_id:client_id>/credenciales/generar/", IssueSecret.as_view(), name="secret-issue"),
    path(
        "<client_id:client_id>/credenciales/<int:pk>/revocar/", RevokeSecret.as_view(), name="secret-revoke"
    ),
    path("<client_id:client_id>/permisos/", Permissions.as_view(), name="application-permissions"),
    path(
        "<client_id:client_id>/permisos/terminar/",
        EndPermissions.as_view(),
        name="application-end-permissions",
    ),
    path("<client_id:client_id>/marca/", Brand.as_view(), name="application-brand"),
    path("<client_id:client_id>/actividad/", Activity.as_view(), name="application-activity"),
    path("<client_id:client_id>/eliminar/", DeleteApplication.as_view(), name="application-delete"),
]
