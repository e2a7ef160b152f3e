"""What lists, forms and inlines of the admin pages share: rows, choices and picks within reach."""

from collections.abc import Callable, Mapping

from django.contrib.admin.utils import flatten_fieldsets
from django.db import models

from movement_portal.adminpages.forms import LabelledChoiceField, LabelledMultipleChoiceField
from movement_portal.adminpages.picking import PickOne, PickSeveral
from movement_portal.adminpages.reach import leave_unsaid
from movement_portal.lib.dates import today

#: What the portal's form adds beside the model's own fields.
FORM_FIELDS = ("version", "edit_reason")


def standing_today(rows, officer):
    """Of the dated rows those in force today, for ``picked``."""
    return rows.as_of(today())


def written_by(rows, officer):
    """Of the rows those that the officer may write, for ``picked``."""
    return rows.editable_by(officer)


class ScopedOptions:
    """What lists, forms and inlines share: rows, choices and picks within reach."""

    #: Relations that names of related records are made of (``parent__parent``).
    extra_relations = ()
    #: Which records of a model may be picked of those in reach, by model: ``choices(rows, officer)``.
    picked: Mapping[type[models.Model], Callable] = {}
    #: Relations whose names are told wherever the record lies: the office that asks for something.
    told_to_all = ()

    def get_queryset(self, request):
        rows = self.scope(request, self.model._default_manager.all())
        if ordering := self.get_ordering(request):
            rows = rows.order_by(*ordering)
        relations = self.loaded_relations()
        return rows.select_related(*relations) if relations else rows

    def scope(self, request, rows):
        """The rows the officer may see."""
        return rows.visible_to(request.user)

    def loaded_relations(self):
        """Relations read for every row: those shown and those the record's name is made of."""
        own = {field.name for field in self.opts.concrete_fields if field.is_relation}
        shown = own.intersection([*getattr(self, "list_display", ()), *(self.fields or ())])
        return dict.fromkeys([*getattr(self.model, "label_relations", ()), *sorted(shown), *self.extra_relations])

    def leave_unsaid(self, request, records, columns):
        """Keep the names of records out of reach from columns that are about to be shown."""
        leave_unsaid(records, [name for name in columns if name not in self.told_to_all], request.user)

    def choices_for(self, related, request):
        """Records of a related model that the officer may pick."""
        rows = related._default_manager.visible_to(request.user)
        narrow = self.picked.get(related)
        return rows if narrow is None else narrow(rows, request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_for(db_field.related_model, request))
        kwargs.setdefault("form_class", LabelledChoiceField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PickOne(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_for(db_field.related_model, request))
        kwargs.setdefault("form_class", LabelledMultipleChoiceField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PickSeveral(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_autocomplete_fields(self, request):
        """Every relation to a table that can be searched is searched, not listed."""
        site = self.admin_site
        return [
            field.name
            for field in self.opts.get_fields()
            if isinstance(field, models.ForeignKey | models.ManyToManyField)
            and site.is_registered(field.related_model)
            and site.get_model_admin(field.related_model).search_fields
        ]

    def with_form_fields(self, request, obj, fieldsets):
        """The fieldsets without the form's own fields, which follow in a last one where the record can be changed."""
        kept = [
            (title, {**options, "fields": [name for name in options["fields"] if name not in FORM_FIELDS]})
            for title, options in fieldsets
        ]
        # A new record asks for no reason: there is nothing yet that was otherwise.
        asked = FORM_FIELDS if obj else ("version",)
        own = [name for name in asked if name in self.form.declared_fields]
        if own and self.has_change_permission(request, obj):
            kept[-1][1]["fields"].extend(own)
        return kept

    def without_form_fields(self, request, obj, kwargs):
        """Arguments of a form factory that name the model's fields only: the form brings its own."""
        if "fields" not in kwargs:
            kwargs["fields"] = flatten_fieldsets(self.get_fieldsets(request, obj))
        if kwargs["fields"] is not None:
            kwargs["fields"] = [name for name in kwargs["fields"] if name not in FORM_FIELDS]
        return kwargs


class LookedAtOnly:
    """For records and inlines that are looked at in the admin pages and written elsewhere."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
