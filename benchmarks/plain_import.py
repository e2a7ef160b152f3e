"""The anchor of the import: a plain ModelResource over the same model, run as its admin runs it.

Honest and not handicapped: nothing but what the library does by itself. No history, no derived columns, no reach, no
likeness, no areas by name; the relations are looked up by code, the areas among those of today only.
"""

import itertools

from django.db import models
from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX
from import_export.results import Result

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from units.enums import GroupingKind, UnitKind, UnitSubkind
from units.models import Grouping, Unit


class CodeWidget(widgets.ForeignKeyWidget):
    """A relation by code among the rows it may point to."""

    def __init__(self, rows):
        super().__init__(rows.model, field="code")
        self.rows = rows

    def get_queryset(self, value, row, *args, **kwargs):
        return self.rows


class ChoiceWidget(widgets.CharWidget):
    """A value of a closed list by its label."""

    def __init__(self, enumeration):
        super().__init__()
        self.values = {str(label): value for value, label in enumeration.choices}

    def clean(self, value, row=None, **kwargs):
        return self.values[value]


class PlainUnitResource(resources.ModelResource):
    """Columns by header, units found again by their tax code."""

    name = fields.Field("name", "Tên đơn vị")
    kind = fields.Field("kind", "Khối", widget=ChoiceWidget(UnitKind))
    subkind = fields.Field("subkind", "Loại hình", widget=ChoiceWidget(UnitSubkind))
    tax_code = fields.Field("tax_code", "Mã số thuế")
    address = fields.Field("address", "Địa chỉ")
    jurisdiction = fields.Field("jurisdiction", "Mã địa bàn")
    head_name = fields.Field("head_name", "Người đứng đầu")
    head_title = fields.Field("head_title", "Chức vụ người đứng đầu")
    head_phone = fields.Field("head_phone", "Điện thoại người đứng đầu")
    contact_name = fields.Field("contact_name", "Đầu mối liên hệ")
    contact_title = fields.Field("contact_title", "Chức vụ đầu mối")
    contact_phone = fields.Field("contact_phone", "Điện thoại đầu mối")
    sector = fields.Field("sector", "Ngành, lĩnh vực")
    governing_body = fields.Field("governing_body", "Cơ quan chủ quản")
    note = fields.Field("note", "Ghi chú")

    class Meta:
        model = Unit
        import_id_fields = ("tax_code",)
        clean_model_instances = True
        fields = (
            "name",
            "kind",
            "subkind",
            "tax_code",
            "address",
            "jurisdiction",
            "head_name",
            "head_title",
            "head_phone",
            "contact_name",
            "contact_title",
            "contact_phone",
            "sector",
            "governing_body",
            "note",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.numbers = itertools.count(1)
        self.fields["jurisdiction"].widget = CodeWidget(Jurisdiction.objects.as_of(today()))
        self.fields["sector"].widget = CodeWidget(Grouping.objects.filter(kind=GroupingKind.SECTOR))
        self.fields["governing_body"].widget = CodeWidget(Grouping.objects.filter(kind=GroupingKind.GOVERNING_BODY))

    def do_instance_save(self, instance, is_create):
        if is_create:
            instance.code = f"P{next(self.numbers):08d}"
        models.Model.save(instance, force_insert=is_create)


def import_as_admin(path) -> Result:
    """Read, dry run, read again, commit: what the library's admin does between upload and confirmation."""
    data = path.read_bytes()
    dry = PlainUnitResource().import_data(XLSX().create_dataset(data), dry_run=True, raise_errors=False)
    refuse_errors(dry)
    done = PlainUnitResource().import_data(
        XLSX().create_dataset(data), dry_run=False, raise_errors=False, retain_instance_in_row_result=True
    )
    refuse_errors(done)
    return done


def refuse_errors(result: Result) -> None:
    """Stop a measurement whose rows do not go in."""
    if result.has_errors() or result.has_validation_errors():
        first = next((row for row in result.rows if row.errors), None)
        raise AssertionError(first.errors[0].error if first else result.invalid_rows[0].error)
