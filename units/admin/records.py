"""What the admin pages of records of units share."""

from movement_portal.adminpages.base import PortalModelAdmin
from movement_portal.adminpages.filters import AreaFilter


class UnitRecordAdmin(PortalModelAdmin):
    """A row of one unit; the unit is chosen once."""

    search_fields = ("unit__search_folded",)
    search_help_text = "Tên hoặc mã đơn vị; không cần gõ dấu."
    list_filter = (AreaFilter,)

    def get_readonly_fields(self, request, obj=None):
        return ("unit",) if obj is not None else ()
