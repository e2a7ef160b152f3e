"""What units promised, agreed, were checked for, and what happened in them."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from movement_portal.adminpages.base import PortalModelAdmin
from movement_portal.adminpages.filters import AreaFilter
from movement_portal.adminpages.inlines import PortalInline
from movement_portal.adminpages.options import written_by
from units.admin.records import UnitRecordAdmin
from units.agreements import NOBODY, is_last
from units.models import (
    AgreementParty,
    Commitment,
    CoordinationAgreement,
    Incident,
    Inspection,
    PartRating,
)


@admin.register(Commitment)
class CommitmentAdmin(UnitRecordAdmin):
    list_display = ("unit", "year", "kind", "signed_count", "total_count", "signed_on")
    list_filter = ("year", "kind", AreaFilter)
    search_fields = ("unit__search_folded", "content")
    fields = (
        "unit",
        ("year", "kind"),
        "content",
        ("approximation", "signed_count", "total_count"),
        ("signed_on", "legal_document"),
    )


class PartyFormSet(BaseInlineFormSet):
    """Who signs an agreement: at least one."""

    def clean(self):
        super().clean()
        kept = [
            form for form in self.forms if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        if not kept and not any(self.errors):
            raise ValidationError(NOBODY, code="nobody")


class AgreementPartyInline(PortalInline):
    model = AgreementParty
    formset = PartyFormSet
    fields = ("unit", "jurisdiction", "body")


@admin.register(CoordinationAgreement)
class CoordinationAgreementAdmin(PortalModelAdmin):
    """An agreement comes in with its first party, as on the portal's own page."""

    list_display = ("number", "title", "kind", "signed_on", "valid_to", "jurisdiction")
    list_display_links = ("number", "title")
    list_filter = ("kind", "signed_on", AreaFilter)
    search_fields = ("search_folded",)
    inlines = (AgreementPartyInline,)
    fields = (
        "kind",
        ("number", "signed_on"),
        "title",
        ("valid_from", "valid_to"),
        "police_body",
        "jurisdiction",
        "note",
    )

    def has_add_permission(self, request):
        return super().has_add_permission(request) and request.user.has_perm("units.add_agreementparty")


@admin.register(AgreementParty)
class AgreementPartyAdmin(PortalModelAdmin):
    list_display = ("agreement", "unit", "body")
    list_filter = (AreaFilter,)
    picked = {CoordinationAgreement: written_by}
    search_fields = ("agreement__search_folded", "unit__search_folded", "body")
    fields = ("agreement", "unit", "jurisdiction", "body")

    def get_readonly_fields(self, request, obj=None):
        return ("agreement",) if obj is not None else ()

    def get_deleted_objects(self, objs, request):
        *told, holding = super().get_deleted_objects(objs, request)
        return (*told, [*holding, NOBODY] if is_last(list(objs)) else holding)


@admin.register(Inspection)
class InspectionAdmin(UnitRecordAdmin):
    list_display = ("unit", "inspected_on", "content", "deadline", "fixed_on")
    list_filter = ("inspected_on", "deadline", AreaFilter)
    search_fields = ("unit__search_folded", "content", "findings")
    fields = ("unit", "inspected_on", "team", "content", "findings", ("deadline", "fixed_on"), "fix_note")


@admin.register(Incident)
class IncidentAdmin(UnitRecordAdmin):
    list_display = ("unit", "occurred_on", "kind", "incident_count", "conclusion")
    list_filter = ("kind", "conclusion", "occurred_on", AreaFilter)
    fields = (
        "unit",
        ("occurred_on", "kind", "incident_count"),
        ("is_force_majeure", "found_in_time", "reported_on"),
        ("conclusion", "concluded_on"),
        "summary",
    )


@admin.register(PartRating)
class PartRatingAdmin(UnitRecordAdmin):
    list_display = ("unit", "year", "kind", "good_count", "total_count", "disciplined_count")
    list_filter = ("year", "kind", AreaFilter)
    fields = ("unit", ("year", "kind"), ("good_count", "total_count"), "disciplined_count")
