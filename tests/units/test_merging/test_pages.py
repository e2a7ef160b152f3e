"""Who may merge, the pages of a merge, two at once, lists that name the record that is gone."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.transitions import TransitionError
from tests.factories import GuardFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from tests.spreadsheets.books import Book
from tests.spreadsheets.lists import Place
from tests.units.test_merging.world import joined, two, without_code
from units.enums import UnitStatus
from units.merging import links
from units.merging.doing import PlanChanged, merge
from units.merging.links import Link
from units.merging.planning import conflict_key, plan_merge
from units.merging.undoing import plan_undo
from units.models import (
    Headcount,
    Unit,
    UnitMerge,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# -- rights ------------------------------------------------------------------------------------------------------------
def test_merging_needs_the_right_and_both_records_in_reach(commune, province, client):
    survivor, absorbed = two(commune)
    clerk = OfficerFactory(jurisdiction=commune)
    with pytest.raises(PermissionDenied):
        joined(survivor, absorbed, clerk)
    client.force_login(clerk)
    address = reverse("duplicates:unit_merge", args=[survivor.code, absorbed.code])
    assert client.get(address).status_code == 403
    neighbour = JurisdictionFactory(parent=province)
    chief = OfficerFactory(jurisdiction=neighbour, jurisdiction__function=Function.DECIDE)
    far = UnitFactory(jurisdiction=neighbour)
    with pytest.raises(Unit.DoesNotExist):
        joined(far, absorbed, chief)
    client.force_login(chief)
    assert client.get(reverse("duplicates:unit_merge", args=[far.code, absorbed.code])).status_code == 404


@pytest.mark.parametrize(
    "values",
    [{"reason": ""}, {"undone_at": "2026-11-01T00:00:00Z"}, {"survivor": "absorbed"}],
)
def test_the_database_refuses_a_merge_that_cannot_be(pair, officer, values):
    done = joined(pair.survivor, pair.absorbed, officer)
    if "survivor" in values:
        values = {"survivor": done.absorbed_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitMerge.objects.filter(pk=done.pk).update(**values)


# -- pages -------------------------------------------------------------------------------------------------------------
def test_from_the_preview_to_the_merge_and_back(pair, signed_in):
    address = reverse("duplicates:unit_merge", args=[pair.survivor.code, pair.absorbed.code])
    page = signed_in.get(address)
    assert "Tổ bảo vệ" in page.content.decode()
    token = page.context["plan"].token
    assert signed_in.post(address, {"token": token, "reason": ""}).status_code == 422
    assert signed_in.post(address, {"token": "x", "reason": "Trùng"}).status_code == 422
    done = signed_in.post(address, {"token": token, "reason": "Trùng"})
    again = signed_in.post(address, {"token": token, "reason": "Trùng"})
    [found] = UnitMerge.objects.all()
    # Sent twice, or from another tab the other way round: it leads to what was done.
    there = reverse("duplicates:merge_detail", args=[found.pk])
    assert (done.headers["Location"], again.headers["Location"]) == (there, there)
    turned = reverse("duplicates:unit_merge", args=[pair.absorbed.code, pair.survivor.code])
    assert signed_in.get(turned).headers["Location"] == there
    assert pair.absorbed.code in signed_in.get(reverse("duplicates:merge_list")).content.decode()
    assert "Hồ sơ đã gộp vào đây" in signed_in.get(pair.survivor.get_absolute_url()).content.decode()
    back = reverse("duplicates:merge_undo", args=[found.pk])
    assert "Trả lại" in signed_in.get(back).content.decode()
    assert signed_in.post(back, {"reason": ""}).status_code == 422
    assert signed_in.post(back, {"reason": "Nhầm"}).status_code == 302
    assert signed_in.post(back, {"reason": "Nhầm"}).status_code == 302
    assert "Đã hoàn tác" in signed_in.get(reverse("duplicates:merge_detail", args=[found.pk])).content.decode()


def test_the_other_record_is_picked_from_the_units_page(pair, signed_in):
    assert "Gộp hồ sơ trùng" in signed_in.get(pair.survivor.get_absolute_url()).content.decode()
    without_code(pair.absorbed).save()
    address = reverse("duplicates:merge_pick", args=[pair.survivor.code])
    assert pair.absorbed.code in signed_in.get(address).content.decode()
    answer = signed_in.post(address, {"other": pair.absorbed.code})
    assert answer.url == reverse("duplicates:unit_merge", args=[pair.survivor.code, pair.absorbed.code])


@pytest.mark.slow
def test_the_preview_asks_as_many_questions_whatever_the_rows(commune, signed_in):
    asked = []
    # The first page of a process reads what is kept for all later ones.
    for count in (1, 1, 12):
        survivor, absorbed = two(commune)
        for year in range(2000, 2000 + count):
            for unit in (survivor, absorbed):
                Headcount.objects.create(unit=unit, year=year, staff_count=year)
        GuardFactory.create_batch(count, unit=absorbed)
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(reverse("duplicates:unit_merge", args=[survivor.code, absorbed.code]))
        asked.append(len(queries))
    assert asked[1] == asked[2]


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 12])
def test_the_list_of_merges_asks_as_many_questions_whatever_its_rows(
    commune, officer, signed_in, django_assert_num_queries, count
):
    survivor = UnitFactory(jurisdiction=commune)
    for unit in UnitFactory.create_batch(count, jurisdiction=commune):
        joined(survivor, unit, officer)
    with django_assert_num_queries(11):
        signed_in.get(reverse("duplicates:merge_list"))


# -- races -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_merges_of_one_record_at_once_make_one(commune, officer):
    records = [UnitFactory(name=f"Trường Mẫu {n}", kind="school", jurisdiction=commune) for n in range(3)]
    wanted = [(records[1], records[0]), (records[0], records[1]), (records[2], records[0])]
    plans = [plan_merge(one, other, user=officer).token for one, other in wanted]
    start, outcomes = threading.Barrier(len(wanted)), []

    def run(one, other, token):
        start.wait()
        try:
            merge(one.pk, other.pk, by=officer, reason="Trùng", token=token)
            outcomes.append("merged")
        except (TransitionError, PlanChanged):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(*units, token)) for units, token in zip(wanted, plans, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert UnitMerge.objects.filter(absorbed__in=[records[0], records[1]]).exists()
    absorbed = list(UnitMerge.objects.values_list("absorbed", flat=True))
    assert len(absorbed) == len(set(absorbed))
    for done in UnitMerge.objects.select_related("absorbed", "survivor"):
        assert done.absorbed.status == UnitStatus.MERGED
    # Nobody went into a record that is itself gone, and no two went into one another.
    gone = set(absorbed)
    assert not gone & set(Unit.objects.open().values_list("pk", flat=True))
    assert Unit.objects.filter(merged_into__in=gone).count() == 0
    assert outcomes.count("merged") == len(absorbed)


def test_a_new_relation_would_be_noticed(monkeypatch):
    """The check reads the models themselves: whatever points to a unit and is not declared is named."""
    known = set(links.relations())
    assert {"units.headcount.unit", "models_registry.modelmember.unit", "units.unit.parent"} <= known
    monkeypatch.setattr(links, "relations", lambda: iter([*known, "units.headcount.twin"]))
    assert links.undeclared() == ["units.headcount.twin"]


def test_links_know_their_constraints():
    found = {name for _, names in links.unique_with(Link(Headcount, "unit")) for name in names}
    assert found == {"year"}
    assert conflict_key(Link(Headcount, "unit"), 7) == "units.headcount.unit-7"


# -- lists -------------------------------------------------------------------------------------------------------------
def test_a_list_with_the_old_code_or_name_is_about_the_unit_that_is_left():
    place = Place()
    officer = place.officer
    survivor = UnitFactory(name="Trường THCS Lê Lợi", kind="school", jurisdiction=place.ward, school_code="79000001")
    absorbed = UnitFactory(name="Trường THCS Lợi Lê", kind="school", jurisdiction=place.ward, school_code="79000002")
    joined(survivor, absorbed, officer)
    header = ["Mã đơn vị", "Mã trường", "Tên đơn vị", "Khối", "Xã, phường", "Địa chỉ"]
    rows = [
        [absorbed.code, "", "Trường THCS Lợi Lê", "Cơ sở giáo dục", "Phường An Phú", "Số 1"],
        ["", "79000002", "Trường THCS Lợi Lê", "Cơ sở giáo dục", "Phường An Phú", "Số 2"],
        ["", "", "Trường THCS Lợi Lê", "Cơ sở giáo dục", "Phường An Phú", "Số 3"],
    ]
    for number, row in enumerate(rows, 1):
        batch = place.committed(header, row)
        survivor.refresh_from_db()
        assert (batch.counts["changed"], survivor.address) == (1, f"Số {number}"), row
    assert (survivor.name, survivor.school_code) == ("Trường THCS Lê Lợi", "79000001")
    assert not Unit.objects.get(pk=absorbed.pk).address


def test_other_lists_name_the_unit_by_the_old_code():
    place = Place()
    survivor = UnitFactory(name="Trường THCS Lê Lợi", kind="school", jurisdiction=place.ward)
    absorbed = UnitFactory(name="Trường THCS Lê Lợi 2", kind="school", jurisdiction=place.ward)
    joined(survivor, absorbed, place.officer)
    place.committed(["Đơn vị", "Năm", "Người học"], [absorbed.code, "2026", "300"], sheet="headcounts")
    assert survivor.headcounts.get().learner_count == 300


def test_a_workbook_that_went_out_before_the_merge_is_refused_for_the_record_that_is_gone():
    place = Place()
    survivor = UnitFactory(name="Trường THCS Lê Lợi", kind="school", jurisdiction=place.ward)
    absorbed = UnitFactory(name="Trường THCS Lê Lợi 2", kind="school", jurisdiction=place.ward)
    book = Book(place)
    book.cell(absorbed, "Người đứng đầu").value = "Trần Thị Mẫu"
    joined(survivor, absorbed, place.officer)
    refused = book.checked().rows.get(outcome="refused")
    assert "đã gộp" in str(refused.problems[0])
    assert not Unit.objects.get(pk=absorbed.pk).head_name


def test_rows_that_say_the_same_are_told_and_not_asked_about(commune, signed_in):
    survivor, absorbed = two(commune)
    for unit in (survivor, absorbed):
        Headcount.objects.create(unit=unit, year=2025, staff_count=12)
        Headcount.objects.create(unit=unit, year=2026, staff_count=12 if unit is survivor else 13)
    page = signed_in.get(reverse("duplicates:unit_merge", args=[survivor.code, absorbed.code]))
    assert [choice.label for choice in page.context["questions"]] == ["2026"]
    assert [choice.label for choice in page.context["same"]] == ["2025"]


def test_a_merge_tells_its_rows_as_the_preview_does(pair, officer):
    plan = plan_merge(pair.survivor, pair.absorbed, user=officer)
    previewed = {move.link.label for move in plan.moves if move.link.noun and move.link.model is not Unit}
    done = joined(pair.survivor, pair.absorbed, officer)
    assert previewed
    assert previewed <= {kind for kind, _ in plan_undo(done).counts}
