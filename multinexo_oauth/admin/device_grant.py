from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import Application, DeviceGrant
from .base import ReadOnlyAdmin
from .search import applications_matching, people_matching, tell_if_cut


@admin.register(DeviceGrant)
class DeviceGrantAdmin(ReadOnlyAdmin):
    fields = ("client_id", "user", "scope", "status", "expires", "last_checked", "family")
    list_display = ("__str__", "user", "status", "expires")
    list_filter = ("status", "expires")
    list_select_related = ("user",)
    search_fields = ("client_id", "user")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by client id, for a device's request has no foreign key to its application."""
        if not search_term:
            return queryset, False
        matching, people = applications_matching(search_term), people_matching(search_term)
        tell_if_cut(self, request, matching, people)
        applications = Application.objects.filter(pk__in=matching)
        found = queryset.filter(client_id__in=applications.values("client_id"))
        return found | queryset.filter(user__in=people), False
