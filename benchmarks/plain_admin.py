"""The anchor of the unit list: Django's admin list of the same columns, made with care but plain."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import include, path
from django.utils import timezone

from units.eligibility import with_eligibility
from units.enums import Eligibility
from units.models import Headcount, Unit


class PlainSite(admin.AdminSite):
    """An admin site as Django makes it."""

    def has_permission(self, request):
        return request.user.is_active


class PlainUnitAdmin(admin.ModelAdmin):
    """No query per row: areas are joined, the people of the latest year and the conclusion annotated."""

    list_display = (
        "code",
        "name",
        "kind",
        "subkind",
        "area",
        "head_name",
        "head_phone",
        "people",
        "conclusion",
        "status",
    )
    list_filter = ("kind", "subkind", "school_level", "enterprise_size", "status", "area_needs_review")
    list_select_related = ("jurisdiction__parent__parent",)
    list_per_page = 100
    search_fields = ("search_folded",)

    def get_queryset(self, request):
        latest = Headcount.objects.filter(unit=OuterRef("pk")).order_by("-year").values("staff_count")[:1]
        units = super().get_queryset(request).visible_to(request.user).annotate(people_count=Subquery(latest))
        return with_eligibility(units, timezone.localdate())

    def has_module_permission(self, request):
        return True

    def has_view_permission(self, request, obj=None):
        return True

    def has_change_permission(self, request, obj=None):
        return True

    @admin.display(description="địa bàn")
    def area(self, unit):
        return unit.jurisdiction.long_name

    @admin.display(description="số người", ordering="people_count")
    def people(self, unit):
        return unit.people_count

    @admin.display(description="đối tượng")
    def conclusion(self, unit):
        return Eligibility(unit.eligibility).label


site = PlainSite(name="plain")
site.register(Unit, PlainUnitAdmin)

urlpatterns = [
    path("plain/", site.urls),
    path("", include("movement_portal.urls")),
]
