import logging

from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class MultinexoOAuthConfig(AppConfig):
    name = "multinexo_oauth"
    label = "multinexo_oauth"
    verbose_name = _("OAuth applications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, log, notices, receivers, scopes  # noqa: F401

        log.install()
        autodiscover_modules(scopes.MODULE)
        if apps.is_installed("drf_spectacular"):
            from .rest_framework import schema  # noqa: F401
        # At DEBUG it logs whole requests and the tokens that it issues.
        oauthlib = logging.getLogger("oauthlib")
        if oauthlib.getEffectiveLevel() < logging.INFO:
            oauthlib.setLevel(logging.INFO)
