"""List filters that offer nothing beyond the officer's reach."""

from django.contrib.admin import RelatedFieldListFilter, SimpleListFilter
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import ValidationError

from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.fields import AreaField, AreaWidget, Choice
from movement_portal.jurisdictions.models import Jurisdiction

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
    """One area and everything below it: typed and picked as in the portal, with the way back up."""

    title = "địa bàn"
    parameter_name = "dia_ban"
    text_name = "dia_ban_text"
    parameters = (parameter_name, text_name)
    template = "admin/area_filter.html"

    def __init__(self, request, params, model, model_admin):
        key, text = params.get(self.parameter_name, [""])[-1], params.pop(self.text_name, [None])[-1]
        self.own = request.user.jurisdiction
        self.sent = Choice(key, text)
        self.area, self.error = self._asked(request.user)
        super().__init__(request, params, model, model_admin)

    def _asked(self, user):
        """The area asked for, and why there is none."""
        if self.sent.text is None and self.sent.key.isascii() and self.sent.key.isdecimal():
            # A link may name an area that is no more.
            return Jurisdiction.objects.visible_to(user).filter(pk=int(self.sent.key)).first(), ""
        try:
            return AreaField().narrow(user).to_python(self.sent), ""
        except ValidationError as problem:
            return None, problem.messages[0]

    def expected_parameters(self):
        return list(self.parameters)

    def lookups(self, request, model_admin):
        if self.area is None:
            return []
        way = Jurisdiction.objects.visible_to(request.user).filter(pk__in=self.area.ancestors().values("pk"))
        return [(area.pk, area.full_name) for area in [*way.order_by("path"), self.area] if area.pk != self.own.pk]

    def has_output(self):
        return self.own.kind not in COMMUNE_KINDS or bool(self.sent)

    def choices(self, changelist):
        """All, and the way from the top down to the area chosen; each link drops what was typed."""
        self.kept = [
            (name, value)
            for name, value in changelist.params.items()
            if name not in (*self.expected_parameters(), PAGE_VAR)
        ]
        self.picker = AreaWidget().render(
            self.parameter_name, self.area or self.sent, {"aria-label": "Địa bàn", "id": "area-filter"}
        )
        yield {
            "selected": not self.sent,
            "query_string": changelist.get_query_string(remove=self.expected_parameters()),
            "display": "Tất cả",
        }
        for depth, (key, name) in enumerate(self.lookup_choices):
            yield {
                "selected": self.area is not None and key == self.area.pk,
                "query_string": changelist.get_query_string({self.parameter_name: key}, [self.text_name]),
                "display": f"{'· ' * depth}{name}",
            }

    def queryset(self, request, queryset):
        if not self.sent:
            return queryset
        if self.area is None:
            return queryset.none()
        return queryset.within(self.area)
