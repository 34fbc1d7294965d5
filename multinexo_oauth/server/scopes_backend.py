"""The scopes that django-oauth-toolkit and oauthlib ask about."""

from typing import Any

from ..models import Application
from ..scopes import catalogue


class CatalogueScopes:
    """django-oauth-toolkit's scopes backend, answering from the catalogue and the client's allow-list."""

    def get_all_scopes(self) -> dict[str, str]:
        return {name: scope.label for name, scope in catalogue().items()}

    def get_available_scopes(
        self, application: Application | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return application.scope_names if application else list(catalogue())

    def get_default_scopes(
        self, application: Application | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return application.default_scope_names if application else []
