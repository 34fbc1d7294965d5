from django.contrib import admin

from multinexo_oauth.admin import ApplicationAdmin

from .models import Partner


class PartnerInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Partner


class PartnersAdmin(ApplicationAdmin):
    inlines = (*ApplicationAdmin.inlines, PartnerInline)
