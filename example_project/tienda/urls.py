from django.urls import path

from . import views

app_name = "tienda"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("conectar/", views.Connect.as_view(), name="connect"),
    path("volver/", views.Callback.as_view(), name="callback"),
    path("productos/", views.CreateProduct.as_view(), name="create-product"),
    path("renovar/", views.Refresh.as_view(), name="refresh"),
    path("desconectar/", views.Disconnect.as_view(), name="disconnect"),
]
