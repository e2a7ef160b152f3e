"""A list judged part by part is judged as if it were looked at as a whole."""

import pytest

from movement_portal.spreadsheets import committing, judgements, planning, workflow
from movement_portal.spreadsheets.enums import BatchState, RowOutcome
from movement_portal.spreadsheets.workflow import checks
from tests.factories import UnitFactory
from tests.spreadsheets.lists import tax_code
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường", "Ngành, lĩnh vực"]


def row(name, code="", commune="An Phú", sector=""):
    return [name, "Doanh nghiệp", code, commune, sector]


#: A branch before its company and one after, repeats by code and by name, a company nobody knows, names alike.
ROWS = [
    row("Chi nhánh Một", f"{tax_code(1)}-001"),
    row("Công ty Hoa Sen", tax_code(2), sector="Xây dựng"),
    row("Công ty Mẹ", tax_code(1)),
    row("Chi nhánh Hai", f"{tax_code(1)}-002", sector="Xây dựng"),
    row("Công ty Trùng mã", tax_code(2)),
    row("Chi nhánh không ai biết", f"{tax_code(7)}-001"),
    row("Công ty Không mã", sector="Vận tải"),
    row("Công ty Không mã", sector="Vận tải"),
    row("Công ty TNHH Minh Phất", tax_code(3)),
    row("Công ty TNHH Bình Minh Phatt"),
    row("Công ty Xa", tax_code(4), commune="Phường Không Có"),
    row("Chi nhánh của dòng bị từ chối", f"{tax_code(4)}-001"),
]

JUDGED = ("number", "outcome", "cells", "changes", "problems", "notices", "cause", "label", "candidates", "object_id")


def judged(place):
    batch = place.checked(HEADER, *ROWS)
    return batch, list(batch.rows.values(*JUDGED)), sorted(batch.faults.values_list("row__number", "cause", "value"))


@pytest.fixture
def known(place):
    """Units that rows look like, one of which another row has by its key."""
    UnitFactory(name="Công ty TNHH Minh Phát", tax_code=tax_code(3), jurisdiction=place.ward, kind="enterprise")
    UnitFactory(name="Công ty TNHH Bình Minh Phát", tax_code="", jurisdiction=place.ward, kind="enterprise")


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 2, 5])
def test_parts_make_the_judgement_of_the_whole(place, known, monkeypatch, size):
    whole, rows, faults = judged(place)
    monkeypatch.setattr(checks, "PART", size)
    parts, part_rows, part_faults = judged(place)
    assert part_rows == rows
    assert part_faults == faults
    assert parts.counts == whole.counts
    assert {row["outcome"] for row in rows} >= {RowOutcome.NEW, RowOutcome.REFUSED}


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 2, 5])
def test_rows_written_part_by_part_hang_on_one_another(place, monkeypatch, size):
    monkeypatch.setattr(checks, "PART", size)
    monkeypatch.setattr(committing, "PART", size)
    monkeypatch.setattr(planning, "PART", size)
    batch = place.committed(HEADER, *ROWS[:4])
    assert batch.counts["new"] == 4
    parent = Unit.objects.get(tax_code=tax_code(1))
    assert set(parent.branches.values_list("name", flat=True)) == {"Chi nhánh Một", "Chi nhánh Hai"}
    assert Unit.objects.get(name="Công ty Hoa Sen").sector == Unit.objects.get(name="Chi nhánh Hai").sector
    kept = dict(batch.rows.values_list("label", "object_id"))
    assert kept == dict(Unit.objects.values_list("name", "pk"))


@pytest.mark.slow
def test_rows_that_hang_on_one_another_in_a_circle_are_not_written(place):
    batch = place.checked(HEADER, *ROWS[:4])
    branch, company = batch.rows.get(label="Chi nhánh Một"), batch.rows.get(label="Công ty Mẹ")
    company.values["parent"] = {committing.ROW_OF_FILE: [branch.worksheet, branch.number]}
    company.save()
    batch = workflow.commit(batch.pk, by=place.officer)
    assert "Sổ đã thay đổi" in batch.message
    assert not Unit.objects.exists()


@pytest.mark.slow
def test_a_judgement_kept_in_parts_is_that_kept_at_once(place, monkeypatch):
    batch = place.checked(HEADER, *ROWS)
    at_once = list(batch.rows.values("number", "outcome", "label", "values", "cause", "object_id"))
    faults = list(batch.faults.order_by("id").values_list("row__number", "cause", "refuses"))
    monkeypatch.setattr(checks, "PART", 2)
    monkeypatch.setattr(judgements, "AT_ONCE", 3)
    monkeypatch.setattr(judgements, "REMOVED", 2)
    batch = place.check(batch)
    assert list(batch.rows.values("number", "outcome", "label", "values", "cause", "object_id")) == at_once
    assert list(batch.faults.order_by("id").values_list("row__number", "cause", "refuses")) == faults
    assert batch.state == BatchState.CHECKED


@pytest.mark.slow
def test_a_judgement_that_breaks_off_halfway_has_to_be_made_again(place, monkeypatch):
    batch = place.checked(HEADER, *ROWS)
    monkeypatch.setattr(checks, "PART", 2)
    monkeypatch.setattr(judgements, "AT_ONCE", 3)
    parts = judgements.Judgements._write

    def broken(self, keys, positions, *rest):
        if 2 in positions:
            raise RuntimeError
        parts(self, keys, positions, *rest)

    monkeypatch.setattr(judgements.Judgements, "_write", broken)
    with pytest.raises(RuntimeError):
        place.check(batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.READ
    with pytest.raises(workflow.ImportRefused):
        place.commit(batch)
