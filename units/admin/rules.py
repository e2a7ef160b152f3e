"""Rules that the law sets: who may have the title, how large an enterprise is, guards, how long data are held."""

from django.contrib import admin

from movement_portal.adminpages.base import PortalModelAdmin
from units.models import (
    EligibilityRule,
    GuardRule,
    HoldingPeriod,
    SizeThreshold,
)


@admin.register(EligibilityRule)
class EligibilityRuleAdmin(PortalModelAdmin):
    list_display = ("order", "unit_kind", "attribute", "value", "outcome", "reason", "valid_from", "valid_to")
    list_display_links = ("order", "reason")
    list_filter = ("unit_kind", "outcome", "valid_from")
    search_fields = ("reason", "article")
    search_help_text = "Lý do hoặc điều, khoản."
    fields = (
        "order",
        "unit_kind",
        "attribute",
        "value",
        "outcome",
        "reason",
        "legal_document",
        "article",
        "valid_from",
        "valid_to",
    )


@admin.register(SizeThreshold)
class SizeThresholdAdmin(PortalModelAdmin):
    list_display = ("size", "sector", "max_staff", "max_revenue_amount", "max_capital_amount", "valid_from", "valid_to")
    list_filter = ("size", "sector", "valid_from")
    fields = (
        "size",
        "sector",
        "max_staff",
        "max_revenue_amount",
        "max_capital_amount",
        "legal_document",
        "article",
        "valid_from",
        "valid_to",
    )


@admin.register(GuardRule)
class GuardRuleAdmin(PortalModelAdmin):
    list_display = ("subject", "value", "message", "legal_document", "article", "valid_from", "valid_to")
    list_filter = ("subject", "valid_from")
    search_fields = ("message", "article")
    search_help_text = "Lời nhắc hoặc điều, khoản."
    fields = ("subject", "value", "message", ("legal_document", "article"), ("valid_from", "valid_to"))


@admin.register(HoldingPeriod)
class HoldingPeriodAdmin(PortalModelAdmin):
    list_display = ("subject", "months", "legal_document", "article", "basis", "valid_from", "valid_to")
    list_filter = ("subject", "valid_from")
    search_fields = ("basis", "article")
    search_help_text = "Căn cứ hoặc điều, khoản."
    fields = ("subject", "months", ("legal_document", "article"), "basis", ("valid_from", "valid_to"))
