from django.contrib import admin

from movement_portal.adminpages.base import ReadOnlyAdmin
from movement_portal.persons.models import PersonalRead


@admin.register(PersonalRead)
class PersonalReadAdmin(ReadOnlyAdmin):
    list_display = ("at", "officer_name", "office_name", "what", "label", "reason")
    list_filter = ("what", "at")
    search_fields = ("officer_name", "label", "reason")
    search_help_text = "Tên cán bộ, người được xem hoặc lý do."
    fields = ("at", "officer_name", "office_name", "what", "label", "reason")

    def export_columns(self):
        return ("at", "officer_name", "office_name", "what", "label", "reason")

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)
