from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TiendaConfig(AppConfig):
    name = "example_project.tienda"
    verbose_name = _("Demonstration shop")
