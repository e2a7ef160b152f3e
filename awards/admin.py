from django.contrib import admin

from awards.models import AwardForm
from movement_portal.adminpages.base import PortalModelAdmin


@admin.register(AwardForm)
class AwardFormAdmin(PortalModelAdmin):
    list_display = ("name", "level", "recipient", "decided_by", "is_verified", "legal_document", "valid_to")
    list_filter = ("level", "recipient", "is_once_in_a_life", "is_counted", "is_verified")
    search_fields = ("search_folded",)
    fields = (
        "name",
        ("level", "recipient", "order"),
        "decided_by",
        ("is_once_in_a_life", "is_counted", "is_verified"),
        "legal_document",
        ("valid_from", "valid_to"),
    )
