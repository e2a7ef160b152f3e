"""Records shown in the page of the record that they belong to."""

from django.contrib import admin

from movement_portal.adminpages.forms import InlineVersionedForm
from movement_portal.adminpages.options import LookedAtOnly, ScopedOptions


class PortalInline(ScopedOptions, admin.TabularInline):
    form = InlineVersionedForm
    extra = 0
    show_change_link = False

    def get_fieldsets(self, request, obj=None):
        return self.with_form_fields(request, obj, super().get_fieldsets(request, obj))

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, **self.without_form_fields(request, obj, kwargs))


class ReadOnlyInline(LookedAtOnly, PortalInline):
    can_delete = False
