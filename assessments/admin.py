from django.contrib import admin

from assessments.models import CriteriaSet, Criterion
from movement_portal.adminpages.base import PortalModelAdmin
from movement_portal.adminpages.inlines import PortalInline


class CriterionInline(PortalInline):
    model = Criterion
    fields = ("order", "group_code", "code", "label", "kind", "threshold_percent", "min_count")
    show_change_link = True


@admin.register(CriteriaSet)
class CriteriaSetAdmin(PortalModelAdmin):
    list_display = ("code", "name", "legal_document", "valid_from", "valid_to")
    list_display_links = ("code", "name")
    list_filter = ("applies_to_agencies", "applies_to_enterprises", "applies_to_schools", "valid_from")
    search_fields = ("code", "name")
    search_help_text = "Mã hoặc tên bộ tiêu chí."
    fields = (
        ("code", "name"),
        ("applies_to_agencies", "applies_to_enterprises", "applies_to_schools"),
        ("legal_document", "article"),
        ("valid_from", "valid_to"),
    )
    inlines = (CriterionInline,)


@admin.register(Criterion)
class CriterionAdmin(PortalModelAdmin):
    list_display = ("code", "label", "criteria_set", "group_label", "kind", "threshold_percent", "min_count")
    list_display_links = ("code", "label")
    list_filter = ("criteria_set", "kind", "condition")
    search_fields = ("code", "label")
    search_help_text = "Mã hoặc nội dung tiêu chí."
