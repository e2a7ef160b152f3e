"""Lists of models as offices send them: one row one model, who takes part in a cell, out and in again the same."""

import datetime

import pytest
from django.urls import reverse

from models_registry.enums import ModelStatus
from models_registry.models import (
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelStrength,
    SelfManagedModel,
)
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.exporting import sheet_listing
from movement_portal.spreadsheets.models import ImportFix
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import ModelKindFactory, SelfManagedModelFactory, UnitFactory

HEADER = [
    "STT", "Tên mô hình", "Loại mô hình", "Đơn vị chủ trì", "Ngày ra mắt", "Số tổ", "Số thành viên",
    "Đơn vị cùng tham gia", "Cơ quan cùng tham gia", "Xếp loại năm 2025", "Xã, phường",
]  # fmt: skip


@pytest.fixture
def shop(place):
    return UnitFactory(name="Siêu thị Mẫu", jurisdiction=place.ward)


@pytest.fixture
def school(place):
    return UnitFactory(name="Trường THPT Mẫu", jurisdiction=place.commune)


def row(name="", kind="Camera an ninh", lead="Siêu thị Mẫu", **values):
    found = {"Tên mô hình": name, "Loại mô hình": kind, "Đơn vị chủ trì": lead} | values
    return [str(found.get(header, "")) for header in HEADER]


def faults(batch):
    return [problem["reason"] for row in batch.rows.all() for problem in row.problems]


def test_a_list_of_an_office_comes_in(place, shop, school):
    rows = [
        row(
            "Cụm Hoa Ban",
            "Cụm liên kết",
            **{
                "Ngày ra mắt": "01/03/2024",
                "Số tổ": "3",
                "Số thành viên": "1.045",
                "Đơn vị cùng tham gia": f"{school.name}; {shop.code}",
                "Cơ quan cùng tham gia": "Công an phường (Phường An Phú); Công an xã (Xã Bình Lộc)",
                "Xếp loại năm 2025": "Tốt",
            },
        ),
        row("", "Camera an ninh", "Công an phường An Phú", **{"Xã, phường": "Phường An Phú"}),
    ]
    batch = place.committed(HEADER, *rows, sheet="models")
    assert (batch.state, faults(batch)) == (BatchState.COMMITTED, [])
    cluster, camera = SelfManagedModel.objects.order_by("id")
    assert (cluster.lead_unit, cluster.jurisdiction, cluster.status) == (shop, place.ward, ModelStatus.ACTIVE)
    assert [str(member) for member in cluster.members.order_by("id")] == [school.name, "Công an phường", "Công an xã"]
    assert cluster.strengths.get().member_count == 1045
    assert (cluster.ratings.get().year, cluster.ratings.get().grade) == (2025, "effective")
    assert [step.kind for step in cluster.steps.all()] == ["launch"]
    assert (camera.lead_body, camera.name, camera.status) == ("Công an phường An Phú", "Camera an ninh", "proposed")
    assert [step.kind for step in camera.steps.all()] == ["propose"]


def test_a_kind_is_known_by_its_other_name(place, shop):
    kind = ModelKindFactory(name="Camera phòng, chống tội phạm", other_names="Camera an ninh\nMắt thần")
    place.committed(HEADER, row("Điểm một", "Mắt thần", **{"Ngày ra mắt": "01/03/2024"}), sheet="models")
    assert SelfManagedModel.objects.get().kind == kind
    assert ModelKind.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Đơn vị cùng tham gia": "Trường Không Có"}, "Không tìm thấy đơn vị “Trường Không Có”."),
        ({"Cơ quan cùng tham gia": "Công an phường"}, "ghi tên cơ quan rồi địa bàn"),
        ({"Cơ quan cùng tham gia": "Công an xã (Xã Cẩm Khê, Tỉnh Mẫu Hải)"}, "ghi tên cơ quan rồi địa bàn"),
        ({"Ngày ra mắt": "01/03/2126"}, "sau hôm nay"),
    ],
)
def test_what_is_not_known_refuses_the_row_and_says_why(place, shop, values, reason):
    batch = place.checked(HEADER, row("Điểm một", **({"Ngày ra mắt": "01/03/2024"} | values)), sheet="models")
    assert batch.counts["refused"] == 1
    assert any(reason in fault for fault in faults(batch))


def listing_of(place, officer=None):
    listing = sheet_listing(
        sheet_for("models"),
        SelfManagedModel.objects.visible_to(officer or place.officer).order_by("id"),
        officer=officer or place.officer,
    )
    rows = [["" if value is None else value for value in row] for row in listing.rows]
    return [column.label for column in listing.columns], rows


@pytest.fixture
def models(place, shop, school):
    """A cluster, a model that has ended, one that copies another."""
    cluster = SelfManagedModelFactory(
        jurisdiction=place.ward,
        lead_unit=shop,
        lead_body="",
        active=True,
        name="Cụm Hoa Ban",
        note="Dòng một\nDòng hai",
    )
    ModelMember.objects.create(model=cluster, unit=school)
    ModelMember.objects.create(model=cluster, body="Công an phường", jurisdiction=place.ward)
    ModelMember.objects.create(
        model=cluster, body="Đã thôi", jurisdiction=place.ward, valid_to=datetime.date(2026, 1, 1)
    )
    ModelStrength.objects.create(model=cluster, counted_on=datetime.date(2026, 6, 30), group_count=2, member_count=30)
    ModelRating.objects.create(model=cluster, year=2025, grade="weak")
    over = SelfManagedModelFactory(
        jurisdiction=place.commune,
        status="retired",
        status_on=datetime.date(2026, 5, 1),
        launched_on=datetime.date(2020, 5, 1),
        ended_on=datetime.date(2026, 5, 1),
    )
    copy = SelfManagedModelFactory(jurisdiction=place.ward, active=True, replicated_from=cluster)
    return cluster, over, copy


def test_what_goes_out_comes_in_the_same(place, models):
    labels, rows = listing_of(place)
    batch = place.checked(labels, *rows, sheet="models")
    assert (faults(batch), batch.counts["same"]) == ([], 3)


@pytest.mark.slow
def test_a_list_adds_members_and_takes_none_away(place, models, shop):
    cluster, *_ = models
    labels, rows = listing_of(place)
    new = UnitFactory(name="Nhà máy Mẫu", jurisdiction=place.ward)
    rows[0][labels.index("Đơn vị cùng tham gia")] = new.name
    rows[0][labels.index("Số thành viên")] = "42"
    rows[0][labels.index("Xếp loại năm 2025")] = "Hiệu quả"
    batch = place.committed(labels, *rows, sheet="models")
    assert (batch.counts["changed"], batch.counts["same"]) == (1, 2)
    assert cluster.members.filter(unit__isnull=False, valid_to__isnull=True).count() == 2
    assert cluster.strengths.get().member_count == 42
    assert cluster.ratings.get().grade == "effective"
    assert place.checked(labels, *listing_of(place)[1], sheet="models").counts["same"] == 3


@pytest.mark.slow
def test_a_list_changes_no_state(place, models):
    labels, rows = listing_of(place)
    rows[0][labels.index("Tình trạng")] = "Giải thể"
    batch = place.checked(labels, *rows, sheet="models")
    assert batch.counts["same"] == 3
    told = [notice["text"] for line in batch.rows.order_by("number") for notice in line.notices]
    assert told == ["Sổ đang ghi: Đang hoạt động. Đổi trên trang của bản ghi, danh sách không đổi."]


def test_a_list_says_ratings_in_words(place, models):
    labels, rows = listing_of(place)
    assert rows[0][labels.index("Xếp loại năm 2025")] == "Yếu"


@pytest.mark.slow
def test_an_import_is_undone_whole(place, shop, school):
    values = {"Ngày ra mắt": "01/03/2024", "Số thành viên": "9", "Đơn vị cùng tham gia": school.name}
    batch = place.committed(HEADER, row("Điểm một", **values), sheet="models")
    workflow.undo(batch.pk, by=place.officer)
    assert not SelfManagedModel.objects.exists()
    assert not ModelMember.objects.exists()


@pytest.mark.slow
def test_a_model_led_elsewhere_goes_not_out_and_is_not_written(place, models, school):
    other = SelfManagedModelFactory(jurisdiction=place.commune, active=True, name="Mô hình của xã Bình Lộc")
    ModelMember.objects.create(model=other, body="Công an phường", jurisdiction=place.ward)
    assert other in SelfManagedModel.objects.visible_to(place.local)
    labels, rows = listing_of(place, place.local)
    codes = [line[labels.index("Mã mô hình")] for line in rows]
    assert other.code not in codes
    # The school lies in the other commune: its name is not for the officer of the ward.
    assert school.name not in str(rows)
    header = ["Mã mô hình", "Tên mô hình", "Nơi thực hiện"]
    batch = place.checked(header, [other.code, other.name, "Chợ"], sheet="models", by=place.local)
    assert batch.counts["refused"] == 1
    log = place.checked(
        ["Mã mô hình", "Ngày", "Nội dung"], [other.code, "01/10/2026", "Họp"], sheet="model-log", by=place.local
    )
    assert log.counts["refused"] == 1


def test_a_log_moves_the_day_of_the_last_activity(place, models):
    cluster, *_ = models
    header = ["Mã mô hình", "Ngày", "Nội dung", "Lượt người"]
    place.committed(header, [cluster.code, "01/10/2026", "Họp", "1.200"], sheet="model-log")
    cluster.refresh_from_db()
    assert cluster.last_active_on == datetime.date(2026, 10, 1)
    assert ModelLogEntry.objects.get().participation_count == 1200


@pytest.mark.parametrize("name", ["models", "model-kinds", "model-log", "model-ratings", "model-members"])
def test_templates_and_workbooks_to_send_back_are_made(client, place, models, name):
    client.force_login(place.officer)
    template = client.get(reverse("spreadsheets:sheet_template", args=[name]))
    assert template.status_code == 200
    page = client.get(reverse("spreadsheets:sheet_workbook", args=[name]))
    assert page.status_code == 200


# -- what no column says -----------------------------------------------------------------------------------------------
NO_LEAD = "Mô hình có một nơi chủ trì: một đơn vị trong sổ, hoặc một cơ quan ghi tên."


def test_who_leads_can_be_said_once_for_a_list_that_does_not(place):
    head = ["Tên mô hình", "Loại mô hình", "Xã, phường", "Số thành viên"]
    rows = [["Mô hình A", "Camera an ninh", "An Phú", "12"], ["Mô hình B", "Camera an ninh", "An Phú", "khoảng 20"]]
    batch = place.checked(head, *rows, sheet="models")
    first, second = batch.rows.order_by("number")
    assert [problem["cause"] for problem in first.problems] == [NO_LEAD]
    # With the other faults of its row, not after they have been put right.
    assert {problem["cause"] for problem in second.problems} == {"Không phải là số", NO_LEAD}
    (fault,) = {(fault.key, fault.cause) for fault in batch.faults.filter(cause=NO_LEAD)}
    ImportFix.objects.create(
        batch=batch, officer=place.officer, key=fault[0], cause=NO_LEAD, action="text", text="Công an phường An Phú"
    )
    batch = workflow.run_check(batch.pk, by=place.officer)
    assert faults(batch) == ["“khoảng 20” không phải là số."]
    place.commit(batch)
    assert SelfManagedModel.objects.get().lead_body == "Công an phường An Phú"


# -- merged models -----------------------------------------------------------------------------------------------------
MERGED_HEADER = [
    "Tên mô hình", "Loại mô hình", "Đơn vị chủ trì", "Ngày ra mắt", "Tình trạng", "Ngày kết thúc", "Sáp nhập vào",
]  # fmt: skip


def merged_row(name, lead, into="", *, status="Đã sáp nhập", ended="01/06/2025"):
    return [name, "Camera an ninh", lead, "01/03/2020", status, ended, into]


def running_row(name, lead):
    return [name, "Camera an ninh", lead, "01/03/2019", "", "", ""]


@pytest.mark.slow
def test_a_merged_model_goes_out_and_into_an_empty_register(place, shop, school):
    into = SelfManagedModelFactory(jurisdiction=place.ward, lead_unit=shop, lead_body="", active=True, name="Camera")
    SelfManagedModelFactory(jurisdiction=place.ward, active=True, name="Camera", lead_body="Công an phường")
    SelfManagedModelFactory(
        jurisdiction=place.commune,
        lead_unit=school,
        lead_body="",
        name="Camera",
        status=ModelStatus.MERGED,
        merged_into=into,
        launched_on=datetime.date(2020, 5, 1),
        status_on=datetime.date(2026, 5, 1),
        ended_on=datetime.date(2026, 5, 1),
    )
    labels, rows = listing_of(place)
    assert place.checked(labels, *rows, sheet="models").counts["same"] == 3
    SelfManagedModel.objects.filter(merged_into=into).delete()
    SelfManagedModel.objects.all().delete()
    code = labels.index("Mã mô hình")
    labels, *rows = ([*line[:code], *line[code + 1 :]] for line in (labels, *rows))
    # The row that was merged stands before the one that took it in.
    batch = place.committed(labels, *reversed(rows), sheet="models")
    assert faults(batch) == []
    merged = SelfManagedModel.objects.get(status=ModelStatus.MERGED)
    assert merged.merged_into.lead_unit == shop
    assert [(step.kind, step.other) for step in merged.steps.order_by("id")] == [
        ("launch", None),
        ("merge", merged.merged_into),
    ]


def test_a_merged_model_names_one_of_the_register(place, shop, school):
    into = SelfManagedModelFactory(jurisdiction=place.ward, lead_unit=shop, lead_body="", active=True, name="Camera")
    SelfManagedModelFactory(jurisdiction=place.ward, active=True, name="Camera", lead_body="Công an phường")
    rows = [merged_row(f"Điểm {n}", school.code, text) for n, text in enumerate((into.code, "camera · siêu thị mẫu"))]
    place.committed(MERGED_HEADER, *rows, sheet="models")
    assert set(SelfManagedModel.objects.filter(status="merged").values_list("merged_into", flat=True)) == {into.pk}


@pytest.mark.parametrize(
    ("into", "reason"),
    [
        ("", "Mô hình đã sáp nhập phải ghi mô hình nhận"),
        ("Không có đâu", "Không tìm thấy “Không có đâu”"),
        ("Camera", "Có 2 kết quả cho “Camera”"),
    ],
)
def test_it_is_asked_who_took_a_model_in(place, school, into, reason):
    SelfManagedModelFactory.create_batch(2, jurisdiction=place.ward, active=True, name="Camera")
    batch = place.checked(MERGED_HEADER, merged_row("Điểm một", school.code, into), sheet="models")
    assert len(faults(batch)) == 1
    assert reason in faults(batch)[0]


def test_a_merged_model_does_not_come_in_without_the_one_that_took_it_in(place, shop, school):
    taking = running_row("Camera", shop.code)
    taking[3] = "01/03/2126"
    merged = merged_row("Điểm một", school.code, f"Camera · {shop.code}")
    batch = place.checked(MERGED_HEADER, merged, taking, sheet="models")
    assert batch.counts["refused"] == 2
    assert any("mà dòng" in fault for fault in faults(batch))


def test_a_running_model_has_none_that_took_it_in(place, shop, school):
    into = SelfManagedModelFactory(jurisdiction=place.ward, lead_unit=shop, lead_body="", active=True)
    row = merged_row("Điểm một", school.code, into.code, status="Đang hoạt động", ended="")
    batch = place.committed(MERGED_HEADER, row, sheet="models")
    assert "Chỉ mô hình đã sáp nhập" in str(batch.rows.get().notices)
    assert SelfManagedModel.objects.get(lead_unit=school).merged_into is None
