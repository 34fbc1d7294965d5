"""Base classes of our admin pages. They count, sort and join only what an index serves."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from ..interface.capped_paginator import CappedPaginator
from .search import applications_matching, people_matching, tell_if_cut
from .unsaved import tells_unsaved

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class FastAdmin(ModelAdmin):
    """A list that stays fast at a million rows, newest first."""

    list_per_page = 50
    list_max_show_all = 0
    paginator = CappedPaginator
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = ()
    view_on_site = False

    class Media:
        css = {"all": ["multinexo_oauth/css/admin.css"]}

    @property
    def urls(self) -> list[URLPattern]:
        """Have every form say so after the login, where its session ended before it was sent."""
        patterns = self.get_urls()
        for pattern in patterns:
            pattern.callback = tells_unsaved(self.admin_site, pattern.callback)
        return patterns

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow only the offered filters: with others, a digest could be guessed one letter at a time."""
        filters = [item[0] if isinstance(item, tuple) else item for item in self.list_filter]
        offered = {getattr(item, "parameter_name", item) for item in filters}
        return lookup.partition("__")[0] in offered

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer 403 to an action that the person may not take; Django would ignore it without a word."""
        if request.method == "POST":
            allowed = self.get_actions(request)
            if not allowed or not {"", *allowed}.issuperset(request.POST.getlist("action")):
                raise PermissionDenied
        return super().changelist_view(request, extra_context)


class ReadOnlyAdmin(FastAdmin):
    """Rows that only the server writes. `fields` lists the visible columns, none of which is a credential."""

    actions = None
    search_help_text = _("By application (name, client id) or person.")
    person_field = "user"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow deletion only as part of deleting the person or application that the rows belong to."""
        match = request.resolver_match
        own = f"{self.opts.app_label}_{self.opts.model_name}_"
        if obj is None or match is None or (match.url_name or "").startswith(own):
            return False
        return super().has_delete_permission(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        applications, people = applications_matching(search_term), people_matching(search_term)
        tell_if_cut(self, request, applications, people)
        of_people = queryset.filter(**{f"{self.person_field}__in": people})
        return queryset.filter(application__in=applications) | of_people, False
