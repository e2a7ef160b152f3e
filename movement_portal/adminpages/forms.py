"""Forms of the admin pages: the portal's versioned form, and choices named as officers know them."""

from django import forms
from django.contrib import admin
from django.db import models

from movement_portal.adminpages.reach import naming_relations
from movement_portal.audit.forms import VersionedModelForm, current_reader
from movement_portal.audit.presenting import beyond


class KeepsPresentChoices:
    """What a record names already stays a choice: saving must not drop what lies out of reach unseen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for column in self.instance._meta.concrete_fields:
            field = self.fields.get(column.name)
            present = getattr(self.instance, column.attname)
            if present and isinstance(field, forms.ModelChoiceField):
                offered = models.Q(pk__in=field.queryset.values("pk"))
                field.queryset = column.related_model._base_manager.filter(offered | models.Q(pk=present))


class LookForm(forms.ModelForm):
    """Shows a record that is not saved here; a log has no version, and so no conflict of two."""

    conflict = None


class InlineVersionedForm(KeepsPresentChoices, VersionedModelForm):
    """The versioned form as a row below its record."""

    keeps_blank_version = True


class AdminVersionedForm(InlineVersionedForm):
    """The versioned form with the question why."""

    edit_reason = forms.CharField(
        label="Lý do sửa", required=False, max_length=500, help_text="Ghi vào nhật ký cùng thay đổi."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for relation in naming_relations(type(self.instance), self.fields):
            if isinstance(field := self.fields[relation.name], LabelledChoiceField):
                field.kept = getattr(self.instance, relation.attname)


class LabelledChoice:
    """Names choices as their admin does: an area with what it belongs to; one out of reach is kept and not named."""

    #: Key of what the record names already, which may lie out of reach.
    kept = None

    def label_from_instance(self, obj):
        if obj.pk == self.kept and not type(obj)._default_manager.known_to(current_reader()).filter(pk=obj.pk).exists():
            return beyond(type(obj))
        return admin.site.get_model_admin(type(obj)).choice_label(obj)


class LabelledChoiceField(LabelledChoice, forms.ModelChoiceField):
    pass


class LabelledMultipleChoiceField(LabelledChoice, forms.ModelMultipleChoiceField):
    pass
