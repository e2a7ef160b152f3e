"""List filters that offer nothing beyond the officer's reach."""

from django.contrib.admin import RelatedFieldListFilter, SimpleListFilter

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import path_range
from movement_portal.lib.dates import today

#: Choices a filter offers; a larger table is narrowed by search and by area.
MOST_CHOICES = 200


class ScopedRelatedFilter(RelatedFieldListFilter):
    """Records to filter by: those within reach."""

    def field_choices(self, field, request, model_admin):
        rows = field.related_model._default_manager.visible_to(request.user).complex_filter(
            field.get_limit_choices_to()
        )
        related_admin = model_admin.admin_site.get_model_admin(field.related_model)
        return [(row.pk, related_admin.choice_label(row)) for row in rows[:MOST_CHOICES]]


class AreaFilter(SimpleListFilter):
    """One area and everything below it: the way down the tree and back, one level at a time."""

    title = "địa bàn"
    parameter_name = "dia_ban"

    def __init__(self, request, params, model, model_admin):
        own = request.user.jurisdiction
        asked = params.get("dia_ban", [""])[-1]
        areas = Jurisdiction.objects.visible_to(request.user)
        self.area = areas.filter(pk=int(asked)).first() if asked.isascii() and asked.isdecimal() else None
        self.own = own
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        areas = Jurisdiction.objects.visible_to(request.user)
        here = self.area or self.own
        way = [*areas.filter(pk__in=here.ancestors().values("pk")).order_by("path"), here]
        below = areas.filter(parent=here).as_of(today()).order_by("name_sort", "id")
        depth = {area.pk: "· " * level for level, area in enumerate(way)}
        choices = [(area.pk, depth[area.pk] + area.full_name) for area in way if area.pk != self.own.pk]
        return choices + [(area.pk, "· " * len(way) + area.full_name) for area in below[:MOST_CHOICES]]

    def has_output(self):
        return bool(self.lookup_choices or self.used_parameters)

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if self.area is None:
            return queryset.none()
        return queryset.filter(path_range(self.area.path, queryset.path_lookup))
