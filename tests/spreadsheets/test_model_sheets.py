"""Sheets made from models: what goes out comes in again with the same values."""

import datetime

import pytest
from django.apps import apps
from django.db import models

from movement_portal.jurisdictions.models import Jurisdiction, Succession
from movement_portal.lib.tracking import TrackedModel
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import sheet_for, sheets
from tests.factories import JurisdictionFactory, UnitFactory
from tests.spreadsheets.records import some
from units.models import Grouping, Headcount, Unit, UnitIdentifier

#: Sheets with columns of their own beside those of the model have their own tests.
MADE = [sheet.name for sheet in sheets() if sheet.name not in ("units", "models", "officers")]


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_what_goes_out_comes_in_the_same(place, name):
    sheet = sheet_for(name)
    record = some(sheet, place)
    queryset = sheet.model.objects.filter(pk=record.pk)
    resource = SheetResource(sheet, queryset=queryset)
    labels = [column.label for column in resource.columns()]
    rows = [["" if value is None else value for value in row] for row in resource.rows(queryset)]
    batch = place.checked(labels, *rows, sheet=name, by=place.above)
    found = batch.rows.get()
    assert (found.outcome, found.changes, found.problems) == ("same", {}, [])


def test_names_of_sheets_and_their_models_are_one_to_one():
    assert len({sheet.model for sheet in sheets()}) == len(sheets())


#: Records that come of an act and never of a list, and those that a cell of another list names.
OF_ACTS = {
    "units.statuschange", "units.unitmerge", "units.duplicatepair", "units.transferrequest",
    "models_registry.modelstep", "spreadsheets.importbatch", "spreadsheets.issuedworkbook",
}  # fmt: skip
IN_CELLS = {"units.activityunit", "jurisdictions.officer"}


def test_every_kind_of_record_comes_in_by_a_list():
    listed = {sheet.model._meta.label_lower for sheet in sheets()}
    kinds = {model._meta.label_lower for model in apps.get_models() if issubclass(model, TrackedModel)}
    assert kinds - listed == OF_ACTS | IN_CELLS


def test_a_new_group_comes_in(place):
    place.committed(["Tên", "Loại nhóm"], ["KCN Mẫu", "Khu, cụm công nghiệp"], sheet="groupings")
    assert Grouping.objects.get().kind == "industrial_park"


def test_many_groups_of_a_kind_come_in_and_one_that_is_there_is_told(place):
    header = ["Tên", "Mã", "Loại nhóm"]
    kind = "Khu, cụm công nghiệp"
    place.committed(header, ["KCN Mẫu", "", kind], ["KCN Hai", "", kind], sheet="groupings")
    assert Grouping.objects.count() == 2
    # The register compares names and codes without accents.
    batch = place.checked(header, ["KCN  Ba", "", kind], ["KCN", "hai", kind], sheet="groupings")
    assert [row.outcome for row in batch.rows.order_by("number")] == ["new", "refused"]
    assert batch.rows.get(number=3).problems[0]["reason"].startswith("Nhóm này đã có.")


def test_a_new_area_gets_its_path(place):
    place.committed(
        ["Loại", "Mã", "Tên", "Thuộc", "Có từ ngày"],
        ["Xã", "01234", "Đông Mẫu", place.province.code, "01/07/2025"],
        sheet="areas",
    )
    assert Jurisdiction.objects.get(code="01234").path.startswith(place.province.path)


def test_areas_that_come_below_others_all_at_once_take_what_lies_below_them_along(place):
    town = JurisdictionFactory(parent=place.ward, name="Xóm Mẫu")
    unit = UnitFactory(jurisdiction=town)
    place.ward.parent = place.commune.parent = place.elsewhere
    Jurisdiction.objects.bulk_update([place.ward, place.commune], ["parent"])
    paths = dict(Jurisdiction.objects.values_list("pk", "path"))
    assert paths[place.ward.pk] == paths[place.elsewhere.pk] + f"{place.ward.pk:06d}"
    assert paths[town.pk] == paths[place.ward.pk] + f"{town.pk:06d}"
    assert list(Unit.objects.within(place.elsewhere)) == [unit]


def test_headcounts_come_in_by_code_of_the_unit(place):
    unit = UnitFactory(jurisdiction=place.ward)
    place.committed(["Đơn vị", "Năm", "Người học"], [unit.code, "2024", "1.200"], sheet="headcounts")
    assert Headcount.objects.get().learner_count == 1200


def test_a_unit_out_of_reach_is_not_found(place):
    unit = UnitFactory(jurisdiction=place.far)
    batch = place.checked(["Đơn vị", "Loại mã", "Mã"], [unit.code, "BHXH", "1"], sheet="identifiers")
    assert batch.counts["refused"] == 1
    assert not UnitIdentifier.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_every_field_is_a_column_of_the_model(name):
    sheet = sheet_for(name)
    for each in sheet.fields:
        if each.elsewhere is None:
            assert isinstance(sheet.model._meta.get_field(each.column), models.Field)


# -- what areas became -------------------------------------------------------------------------------------------------
SUCCESSION = ["Địa bàn cũ", "Địa bàn mới", "Cách chuyển", "Có hiệu lực từ ngày"]


@pytest.fixture
def reform(place):
    """An old area and the new one of the same code that it went into."""
    old = JurisdictionFactory(
        parent=place.province, code="06001", name="Cũ", valid_from=None, valid_to=datetime.date(2025, 6, 30)
    )
    return old, JurisdictionFactory(parent=place.province, code="06001", name="Mới")


def test_one_code_before_and_after_is_two_areas(place, reform):
    place.committed(SUCCESSION, ["06001", "06001", "Nhập toàn bộ", "01/07/2025"], sheet="successions")
    made = Succession.objects.get()
    assert (made.predecessor, made.successor) == reform


def test_a_succession_whose_dates_do_not_fit_is_refused_with_the_reason(place, reform):
    batch = place.checked(SUCCESSION, ["06001", "06001", "Nhập toàn bộ", "01/01/2026"], sheet="successions")
    with pytest.raises(workflow.ImportRefused, match="không còn tồn tại ngay trước ngày có hiệu lực"):
        workflow.commit(batch.pk, by=place.officer)
    assert not Succession.objects.exists()


def test_areas_of_another_province_are_not_found(place, reform):
    JurisdictionFactory(parent=place.elsewhere, code="06002", valid_from=None, valid_to=datetime.date(2025, 6, 30))
    batch = place.checked(SUCCESSION, ["06002", "06001", "Nhập toàn bộ", "01/07/2025"], sheet="successions")
    assert batch.counts["refused"] == 1
