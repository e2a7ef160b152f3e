"""Filters of the journal; all of them stand in the address."""

import datetime

import django_filters
from django import forms
from django.db.models import Exists, OuterRef

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change, tracked_models
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.dates import beginning_of
from movement_portal.lib.vietnamese import fold


def models_shown_to(user):
    """Models whose history the officer may read, as choices in the order of their names."""
    shown = [
        (model._meta.label_lower, str(model._meta.verbose_name))
        for model in tracked_models()
        if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    ]
    return sorted(shown, key=lambda choice: fold(choice[1]))


class AuditEventFilter(django_filters.FilterSet):
    can_bo = django_filters.CharFilter(label="Cán bộ", method="by_officer", max_length=100)
    loai = django_filters.ChoiceFilter(label="Loại", field_name="kind", choices=EventKind, empty_label="Mọi loại")
    bang = django_filters.ChoiceFilter(label="Bảng dữ liệu", method="by_model", empty_label="Mọi bảng")
    tu_ngay = django_filters.DateFilter(label="Từ ngày", method="since")
    den_ngay = django_filters.DateFilter(label="Đến ngày", method="until")

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["bang"].extra["choices"] = models_shown_to(self.request.user)
        for field in self.form.fields.values():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = look

    def by_officer(self, events, name, value):
        words = fold(value).split()
        officers = Officer.objects.visible_to(self.request.user)
        for word in words:
            officers = officers.filter(search_folded__contains=word)
        return events.filter(officer__in=officers.values("pk")) if words else events

    def by_model(self, events, name, value):
        touched = Change.objects.visible_to(self.request.user).filter(event=OuterRef("pk"), model=value)
        return events.filter(Exists(touched))

    def since(self, events, name, value):
        return events.filter(at__gte=beginning_of(value))

    def until(self, events, name, value):
        return events.filter(at__lt=beginning_of(value + datetime.timedelta(days=1)))
