"""Lists out of the admin pages: resources of django-import-export, written by the portal's own writer."""

from django.contrib.auth import get_permission_codename
from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from import_export import fields, resources

from movement_portal.audit.presenting import Names
from movement_portal.lib.bulk import CHUNK
from movement_portal.spreadsheets.exporting import Listing, send, sheet_listing
from movement_portal.spreadsheets.sheets import sheet_of_model
from movement_portal.spreadsheets.writing import Kind, OutColumn


class WordField(fields.Field):
    """A column as an officer reads it: the words of choices, yes or no, names of records given in ``names``."""

    def __init__(self, column):
        super().__init__(attribute=column.attname, column_name=capfirst(str(column.verbose_name)), readonly=True)
        self.column = column

    def export(self, instance, names=None, **kwargs):
        value = getattr(instance, self.column.attname)
        if value in (None, "", [], {}):
            return None
        if self.column.is_relation:
            return names.name(self.column.related_model, value)
        if self.column.choices:
            return str(self.words.get(value, value))
        if isinstance(value, bool):
            return "có" if value else "không"
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return value

    @cached_property
    def words(self):
        """Stored values -> the words of the column's choices."""
        return dict(self.column.flatchoices)

    @property
    def kind(self):
        """How the writer lays the column out; small integers are years and orders, and stay ungrouped."""
        kinds = (
            (models.DateTimeField, Kind.MOMENT),
            (models.DateField, Kind.DATE),
            ((models.SmallIntegerField, models.PositiveSmallIntegerField), Kind.TEXT),
            (models.DecimalField, Kind.DECIMAL),
            (models.IntegerField, Kind.INTEGER),
        )
        if self.column.choices or self.column.is_relation:
            return Kind.TEXT
        return next((kind for field, kind in kinds if isinstance(self.column, field)), Kind.TEXT)


def resource_for(model, names):
    """The resource of a model with one ``WordField`` for each column name."""
    columns = [model._meta.get_field(name) for name in names]
    meta = type("Meta", (), {"model": model, "fields": tuple(names), "export_order": tuple(names)})
    attributes = {column.attname: WordField(column) for column in columns}
    return type(f"{model.__name__}Resource", (resources.ModelResource,), {"Meta": meta, **attributes})()


def rows_of(resource, queryset, reader):
    """The rows of a queryset as lists of values, read and named for their reader a run at a time."""
    run = []
    for record in queryset.iterator(chunk_size=CHUNK):
        run.append(record)
        if len(run) == CHUNK:
            yield from _named(resource, run, reader)
            run = []
    yield from _named(resource, run, reader)


def _named(resource, records, reader):
    names = Names(reader)
    columns = resource.get_export_fields()
    for record in records:
        names.want(type(record), {column.attribute: getattr(record, column.attribute) for column in columns})
    for record in records:
        # Each column asked itself: ``export_resource`` looks for the columns, their names and their hooks in every row.
        yield [column.export(record, names=names) for column in columns]


class ExportMixin:
    """“Xuất Excel” and “Xuất CSV” on a list: exactly what is filtered, in the order on screen."""

    @property
    def sheet(self):
        """The sheet by which such records come in and go out, or None."""
        return sheet_of_model(self.model)

    def sheet_rows(self, request, rows):
        """The records of the sheet that stand for rows of the list."""
        return rows

    def export_columns(self):
        """Column names of the list that goes out."""
        return self.model.tracked_names()

    def has_export_permission(self, request):
        """The model's own right to export where it has one, else the right to view."""
        codename = get_permission_codename("export", self.opts)
        if codename in dict(self.opts.permissions):
            return request.user.has_perm(f"{self.opts.app_label}.{codename}")
        return self.has_view_permission(request)

    def export_response(self, request, changelist, form):
        """A filtered list as a file; every column of its sheet where the model has one, else its own columns."""
        sheet, rows = self.sheet, self.sheet_rows(request, changelist.queryset.select_related(None))
        title = capfirst(str(self.opts.verbose_name_plural))
        filters = self.filters_in_words(changelist)
        if sheet is None:
            resource = resource_for(self.model, self.export_columns())
            listing = Listing(
                title=title,
                stem=self.opts.model_name,
                columns=[OutColumn(field.column_name, field.kind) for field in resource.get_export_fields()],
                rows=rows_of(resource, rows, request.user),
                filters=filters,
            )
        else:
            # What goes out under a header comes in again under it.
            listing = sheet_listing(sheet, rows, title=title, filters=filters, officer=request.user)
        return send(listing, form=form, officer=request.user)

    def filters_in_words(self, changelist):
        """The filters of a list as the page names them: (label, value)."""
        chosen = [("Tìm", f"“{changelist.query}”")] if changelist.query else []
        for spec in changelist.filter_specs:
            chosen += [
                (capfirst(str(spec.title)), choice["display"])
                for index, choice in enumerate(spec.choices(changelist))
                if index and choice["selected"]
            ]
        return chosen
