"""Admin pages for the same officers within the same scope: what every model's pages share.

Rows come from ``visible_to``, actions from Django's permissions, history from ``audit``; nothing here knows a model.
"""

from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects, flatten_fieldsets, unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db import models, router
from django.http import Http404
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse

from movement_portal.adminpages.exporting import ExportMixin
from movement_portal.adminpages.filters import ScopedRelatedFilter
from movement_portal.adminpages.forms import AdminVersionedForm, LookForm
from movement_portal.adminpages.lists import COUNT_CAP, CappedPaginator, ScopedChangeList
from movement_portal.adminpages.options import LookedAtOnly, ScopedOptions
from movement_portal.adminpages.reach import name_only
from movement_portal.audit.enums import EventKind
from movement_portal.audit.timeline import history_url
from movement_portal.jurisdictions.scoping import ReferenceQuerySet, ScopedQuerySet
from movement_portal.lib.acts import describe
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.masking import mask_in_text
from movement_portal.lib.numbers import written
from movement_portal.lib.orders import oddities_of
from movement_portal.lib.tracking import TrackedModel
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.writing import ListTooLong

#: Querysets of which every row that an officer sees is one they may write: no question is asked for these.
SEEN_IS_WRITTEN = (ScopedQuerySet.editable_by, ReferenceQuerySet.editable_by)

NUMBER_IN_ADDRESS = (
    "Không gõ số định danh vào ô tìm vì địa chỉ trang sẽ mang số đó. Hãy dùng “Tra theo số định danh” ở Người bảo vệ."
)


class PortalModelAdmin(ExportMixin, ScopedOptions, admin.ModelAdmin):
    form = AdminVersionedForm
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    count_cap = COUNT_CAP
    actions_on_bottom = False
    save_on_top = False
    #: Columns to search in: folded ones with the words folded, others as they are.
    search_fields = ()
    search_help_text = "Không cần gõ dấu."

    # -- rows -------------------------------------------------------------------------------------------------------

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            match = models.Q()
            for name in self.get_search_fields(request):
                if not name.endswith("_folded"):
                    match |= models.Q(**{f"{name}__icontains": word})
                elif fold(word):
                    match |= models.Q(**{f"{name}__contains": fold(word)})
            queryset = queryset.filter(match)
        return queryset, False

    def get_list_filter(self, request):
        return [self._scoped_filter(entry) for entry in super().get_list_filter(request)]

    def _scoped_filter(self, entry):
        if not isinstance(entry, str):
            return entry
        field = self.opts.get_field(entry)
        return (entry, ScopedRelatedFilter) if field.is_relation else entry

    def lookup_allowed(self, lookup, value, request):
        """Only what a filter of the list asks for: other addresses would probe records out of reach."""
        asked = lookup.split("__")[0]
        offered = set()
        for entry in self.get_list_filter(request):
            entry = entry[0] if isinstance(entry, tuple) else entry
            offered.update(getattr(entry, "parameters", (entry,)))
        return asked in offered and super().lookup_allowed(lookup, value, request)

    def choice_label(self, record):
        """What a record is called where it is picked."""
        return str(record)

    # -- rights ------------------------------------------------------------------------------------------------------

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may_write(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may_write(request, obj)

    def may_write(self, request, obj):
        """Whether the officer, who sees the record, may write it: a record of several areas is written in one."""
        rows = self.model._default_manager.all()
        same = getattr(type(rows), "editable_by", None) in SEEN_IS_WRITTEN
        if obj is None or obj.pk is None or same or not hasattr(rows, "editable_by"):
            return True
        known = request.__dict__.setdefault("_may_write", {})
        key = (self.opts.label, obj.pk)
        if key not in known:
            known[key] = rows.editable_by(request.user).filter(pk=obj.pk).exists()
        return known[key]

    def delete_queryset(self, request, queryset):
        if type(queryset).editable_by not in SEEN_IS_WRITTEN and (
            queryset.count() != queryset.editable_by(request.user).count()
        ):
            raise PermissionDenied
        super().delete_queryset(request, queryset)

    # -- forms ------------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        return self.with_form_fields(request, obj, super().get_fieldsets(request, obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **self.without_form_fields(request, obj, kwargs))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleRecord:
            # Saved by another between reading and writing: read anew, the form's own check now shows what changed.
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        refuse_out_of_reach(self.model._default_manager, request, [obj])

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        saved = [*formset.new_objects, *(obj for obj, _ in formset.changed_objects)]
        refuse_out_of_reach(formset.model._default_manager, request, saved)
        for record in saved:
            self.tell(request, oddities_of(record))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.tell(request, self.cautions_of(form.instance))

    def cautions_of(self, obj):
        """What is odd about a record just saved, in words; an admin adds what the law says of it."""
        return oddities_of(obj)

    def tell(self, request, texts):
        """Say it above the next page."""
        for text in texts:
            messages.warning(request, text)

    # -- acts -------------------------------------------------------------------------------------------------------

    def get_deleted_objects(self, objs, request):
        """What a deletion takes along, in numbers: names could be of records out of reach."""
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(list(objs))
        counts = {str(model._meta.verbose_name_plural): len(rows) for model, rows in collector.model_objs.items()}
        refused = {
            str(model._meta.verbose_name)
            for model in collector.model_objs
            if issubclass(model, TrackedModel)
            and not request.user.has_perm(f"{model._meta.app_label}.delete_{model._meta.model_name}")
        }
        holding: dict[str, int] = {}
        for record in collector.protected:
            name = str(record._meta.verbose_name)
            holding[name] = holding.get(name, 0) + 1
        return [str(obj) for obj in objs], counts, refused, [f"{written(n)} {name}" for name, n in holding.items()]

    def response_action(self, request, queryset):
        chosen = dict(self.get_action_choices(request)).get(request.POST.get("action"), "")
        describe(kind=EventKind.BULK, label=f"{chosen}: {self.opts.verbose_name_plural}")
        return super().response_action(request, queryset)

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return redirect(history_url(obj))

    def log_addition(self, request, obj, message):
        """Nothing: the history of the portal is the record."""

    def log_change(self, request, obj, message):
        """Nothing, as above."""

    def log_deletions(self, request, queryset):
        """Nothing, as above."""

    # -- in and out -------------------------------------------------------------------------------------------------

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [
            path("xuat/", view, {"form": "xlsx"}, name=name),
            path("xuat-csv/", view, {"form": "csv"}, name=f"{name}_csv"),
            *super().get_urls(),
        ]

    def export_view(self, request, form):
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            return self.export_response(request, self.get_changelist_instance(request), form)
        except ListTooLong as problem:
            messages.error(request, str(problem))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def changelist_view(self, request, extra_context=None):
        typed = request.GET.get(SEARCH_VAR, "")
        if mask_in_text(typed) != typed:
            messages.warning(request, NUMBER_IN_ADDRESS)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        context = {
            "exports": self._export_links(request),
            "tools": [*self._import_link(request), *self.list_tools(request)],
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def _import_link(self, request):
        """“Nhập Excel” and “Tệp mẫu” where the model has a sheet that the officer may bring in."""
        sheet = self.sheet
        if sheet is None or not sheet.may_import(request.user):
            return []
        link = page_link("Nhập Excel", "spreadsheets:import_upload")
        template = page_link("Tệp mẫu", "spreadsheets:sheet_template", sheet.name)
        return [*((label, f"{url}?sheet={sheet.name}") for label, url in link), *template]

    def list_tools(self, request):
        """Further buttons over the list, as (label, address)."""
        return []

    def record_tools(self, request, obj):
        """Further buttons over a record, as (label, address)."""
        return []

    def opens(self, request, model):
        """Whether the officer may open pages of the model."""
        registered = self.admin_site.is_registered(model)
        return registered and self.admin_site.get_model_admin(model).has_view_permission(request)

    def get_changelist(self, request, **kwargs):
        return ScopedChangeList

    def render_change_form(self, request, context, *args, **kwargs):
        obj = kwargs.get("obj")
        context["tools"] = self.record_tools(request, obj) if obj is not None else []
        if obj is not None:
            columns = flatten_fieldsets(context["adminform"].fieldsets)
            self.leave_unsaid(request, [obj], columns)
            name_only(obj, columns, lambda model: self.opens(request, model))
            for inline in context["inline_admin_formsets"]:
                rows = [form.instance for form in inline.formset.initial_forms]
                inline.opts.leave_unsaid(request, rows, flatten_fieldsets(inline.fieldsets))
        return super().render_change_form(request, context, *args, **kwargs)

    def _export_links(self, request):
        """“Xuất Excel” and “Xuất CSV” for whoever may export, as (label, address)."""
        if not self.has_export_permission(request):
            return []
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_export"
        return [("Xuất Excel", reverse(name)), ("Xuất CSV", reverse(f"{name}_csv"))]


def page_link(label, name, *args):
    """A button to a page of the portal, as a list of one; none where the page's app is not installed."""
    try:
        return [(label, reverse(name, args=args))]
    except NoReverseMatch:
        return []


def refuse_out_of_reach(manager, request, saved):
    """Raise ``PermissionDenied`` when a record just saved has left the officer's reach; the save is undone with it."""
    keys = {obj.pk for obj in saved}
    if len(keys) != manager.editable_by(request.user).filter(pk__in=keys).count():
        raise PermissionDenied


class ReadOnlyAdmin(LookedAtOnly, PortalModelAdmin):
    """Records that are looked at here and written elsewhere; each names its ``fields``."""

    form = LookForm

    def get_readonly_fields(self, request, obj=None):
        return flatten_fieldsets([(None, {"fields": self.fields or self.list_display})])
