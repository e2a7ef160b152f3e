"""Lists out of the portal: resources of django-import-export whose columns are the fields of a sheet.

What goes out under a header comes in again under it, with the same value.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from import_export import fields as export_fields
from import_export import resources

from movement_portal.jurisdictions.enums import PROVINCE_KINDS
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.spreadsheets.fields import Field, Kind, split_year, with_year
from movement_portal.spreadsheets.sheets import Sheet, sheet_for
from movement_portal.spreadsheets.values import BETWEEN, JOINT
from movement_portal.spreadsheets.writing import Kind as CellKind
from movement_portal.spreadsheets.writing import OutColumn

#: Characters that a cell of a workbook holds.
CELL = 32_767

#: Records fetched and written at a time.
CHUNK = 1_000

CELL_KINDS = {
    Kind.INTEGER: CellKind.INTEGER,
    Kind.AMOUNT: CellKind.INTEGER,
    Kind.DECIMAL: CellKind.DECIMAL,
    Kind.DATE: CellKind.DATE,
}
#: Columns by which a record is named where it is the value of another.
NAMES = ("tax_code", "code", "number", "username", "name")


class SheetField(export_fields.Field):
    """One column of an export; ``key`` is the field of the sheet, with the year where the value has one."""

    def __init__(self, sheet: Sheet, key: str):
        self.key = key
        self.sheet_field = sheet.field_of(key)
        super().__init__(attribute=self.sheet_field.column or None, column_name=sheet.label_of(key), readonly=True)


class SheetResource(resources.Resource):
    """Rows of a sheet for a queryset that is already scoped and filtered; a fixed number of queries per thousand."""

    def __init__(
        self, sheet: Sheet, *, keys: Sequence[str] | None = None, queryset: models.QuerySet | None = None, officer=None
    ):
        """``officer`` is the one who reads; without one what other rows tell of the records is left out."""
        super().__init__()
        self.sheet = sheet
        self.officer = officer
        self.keys = list(keys or exported_keys(sheet, queryset))
        self.fields = {key: SheetField(sheet, key) for key in self.keys}

    def get_export_order(self, selected_fields=None):
        return [key for key in self.keys if not selected_fields or key in selected_fields]

    def columns(self) -> list[OutColumn]:
        """The columns as the writer of workbooks takes them."""
        return [
            OutColumn(self.sheet.label_of(key), self.cell_kind(key), self.sheet.field_of(key).width or 18)
            for key in self.keys
        ]

    def cell_kind(self, key: str) -> CellKind:
        """How the cells of a column are written."""
        return CELL_KINDS.get(self.sheet.field_of(key).kind, CellKind.TEXT)

    @property
    def relations(self) -> list[str]:
        """Relations that the values of a record are read from."""
        fields = [each for each in map(self.sheet.field_of, self.keys) if each.name not in area_fields(self.sheet)]
        stored = [each for each in fields if each.kind in (Kind.RELATION, Kind.AREA) and each.column]
        named = [each.column for each in stored]
        named += [f"{each.column}__{more}" for each in stored if each.relation for more in each.relation.text_relations]
        return [*named, *([f"{self.sheet.area}__parent__parent__parent"] if self.sheet.area else [])]

    def rows(self, queryset: models.QuerySet) -> Iterator[list[Any]]:
        """A row of values for every record, in the order of the queryset; texts of choices, names of records."""
        records = queryset.select_related(*self.relations)
        chunk: list[models.Model] = []
        for record in records.iterator(chunk_size=CHUNK):
            chunk.append(record)
            if len(chunk) == CHUNK:
                yield from self._rows_of(chunk)
                chunk = []
        yield from self._rows_of(chunk)

    def _rows_of(self, records: list[models.Model]) -> Iterator[list[Any]]:
        children = self.children_of(records)
        for record in records:
            yield [self.value(record, key, children) for key in self.keys]

    def children_of(self, records: list[models.Model]) -> dict[tuple, Any]:
        """Rows of other models that hang on the records, by (model, record, key); one query a model."""
        found: dict[tuple, Any] = {}
        if self.officer is not None:
            keys = [record.pk for record in records]
            for told in {each.elsewhere for each in map(self.sheet.field_of, self.keys) if each.elsewhere}:
                found.update({(told, pk): value for pk, value in told.read(keys, self.officer).items()})
        for spec in {each.child for each in map(self.sheet.field_of, self.keys) if each.child}:
            attname = spec.model._meta.get_field(spec.parent).attname
            for child in spec.model._base_manager.filter(**{f"{spec.parent}__in": records}):
                found[(spec.model, getattr(child, attname), getattr(child, spec.key))] = child
        return found

    def value(self, record: models.Model, key: str, children: dict[tuple, Any]) -> Any:
        """The value of one cell."""
        each = self.sheet.field_of(key)
        if each.elsewhere:
            found = children.get((each.elsewhere, record.pk))
            return in_one_cell(found) if found and each.kind == Kind.SEVERAL else found
        if each.child:
            child = children.get((each.child.model, record.pk, split_year(key)[1]))
            return None if child is None else self._in_words(each, getattr(child, each.column))
        if each.name in area_fields(self.sheet):
            return area_part(self.sheet, each, getattr(record, self.sheet.area))
        value = getattr(record, each.column)
        return text_of(each, value) if isinstance(value, models.Model) else self._in_words(each, value)

    @staticmethod
    def _in_words(each: Field, value: Any) -> Any:
        """A stored value as a cell tells it: choices, yes and no in words."""
        if each.kind == Kind.CHOICE:
            return each.choice_labels.get(value, value)
        if isinstance(value, bool):
            return each.shown(value)
        return value

    def export_resource(self, instance, selected_fields=None, **kwargs):
        children = self.children_of([instance])
        return [self.value(instance, key, children) for key in self.get_export_order(selected_fields)]


def in_one_cell(items: Sequence[str]) -> str:
    """Items of several records in one cell: codes and names, the codes alone where a cell holds no more."""
    text = JOINT.join(items)
    return text if len(text) <= CELL else JOINT.join(item.split(BETWEEN)[0] for item in items)


def area_fields(sheet: Sheet) -> set[str]:
    """Names of the fields that say where a record lies."""
    return {name for name in (sheet.area, sheet.area_province, sheet.area_code) if name}


def area_part(sheet: Sheet, each: Field, area: Jurisdiction) -> str:
    """The area of a record in the words of one column: its code, its province, or its own name."""
    if each.name == sheet.area_code:
        return area.code
    if each.name == sheet.area_province:
        return next((node.full_name for node in _upwards(area) if node.kind in PROVINCE_KINDS), "")
    return area.full_name if sheet.area_code else area.code


def _upwards(area: Jurisdiction | None) -> Iterable[Jurisdiction]:
    while area is not None:
        yield area
        area = area.parent


def name_of(record: models.Model) -> str:
    """The surest text by which a record is found again: its code, else its name."""
    for name in NAMES:
        if text := getattr(record, name, ""):
            return text
    return str(record)


def text_of(each: Field, record: models.Model) -> str:
    """The text by which a cell of the field names a record."""
    return each.relation.text(record) if each.relation and each.relation.text else name_of(record)


def exported_keys(sheet: Sheet, queryset: models.QuerySet | None = None) -> list[str]:
    """Keys of the columns that a list of the records has; values kept by year for every year there is."""
    years: dict = {}
    keys = []
    for each in sheet.fields:
        if not each.exported or each.hidden:
            continue
        if each.child is None:
            if each.column or each.elsewhere or each.name in area_fields(sheet):
                keys.append(each.name)
            continue
        if each.child not in years:
            rows = each.child.model._base_manager.all()
            if queryset is not None:
                rows = rows.filter(**{f"{each.child.parent}__in": queryset.order_by().values("pk")})
            years[each.child] = sorted(set(rows.order_by().values_list(each.child.key, flat=True)))
        keys += [with_year(each.name, year) for year in years[each.child]]
    return keys


def resource_for(name: str, *, queryset: models.QuerySet | None = None, keys: Sequence[str] | None = None):
    """The resource of a kind of sheet; ``queryset`` decides which years have columns."""
    return SheetResource(sheet_for(name), queryset=queryset, keys=keys)
