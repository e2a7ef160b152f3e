from django.contrib import admin

from models_registry.models import ModelKind
from movement_portal.adminpages.base import PortalModelAdmin


@admin.register(ModelKind)
class ModelKindAdmin(PortalModelAdmin):
    list_display = ("name", "place", "theme", "is_in_use", "legal_document")
    list_filter = (
        "place",
        "theme",
        "is_self_prevention",
        "is_self_management",
        "is_self_protection",
        "is_self_reconciliation",
        "is_in_use",
    )
    search_fields = ("search_folded",)
    fields = (
        "name",
        "other_names",
        ("place", "theme"),
        ("is_self_prevention", "is_self_management", "is_self_protection", "is_self_reconciliation"),
        "legal_document",
        "note",
        "is_in_use",
    )
