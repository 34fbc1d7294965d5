from typing import Any, ClassVar

from django.contrib import admin

from multinexo_oauth.admin import ApplicationAdmin

from .models import Partner


class PartnerInline(admin.StackedInline):
    model = Partner


class PartnersAdmin(ApplicationAdmin):
    inlines: ClassVar[Any] = (*ApplicationAdmin.inlines, PartnerInline)
