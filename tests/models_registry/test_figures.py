"""The figures of real reports about models (domain.md 9.1), entered and coming back from a filtered list."""

import datetime
import re

import pytest
from django.urls import reverse

from models_registry import workflow
from models_registry.members import Body, join
from models_registry.models import ModelKind, ModelLogEntry, ModelRecognition, SelfManagedModel
from models_registry.period_table import By, period_table
from tests.factories import JurisdictionFactory, ModelKindFactory, UnitFactory
from units.models import Unit

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 9, 25)


def listed(client, **query):
    """How many models a filtered list has, and what it says it counts."""
    context = client.get(reverse("models:model_list"), query).context
    return context["count"].value, context["counted"]


def entered(units, kinds, by):
    """A running model at each unit, of the kinds in turn."""
    models = [SelfManagedModel(kind=kinds[place % len(kinds)], lead_unit=unit) for place, unit in enumerate(units)]
    return workflow.launch_entered(models, by=by, on=datetime.date(2020, 1, 15))


@pytest.mark.slow
def test_545_models_at_545_units_of_which_eight_are_examples(signed_in, leader, commune):
    """Seed 002: “545 mô hình tự quản tại 545 cơ quan, doanh nghiệp, cơ sở giáo dục, 8 điển hình tiên tiến”."""
    units = Unit.objects.bulk_create(UnitFactory.build_batch(545, jurisdiction=commune))
    models = entered(units, [ModelKindFactory(name="Tổ An ninh công nhân")], leader)
    ModelRecognition.objects.bulk_create(
        ModelRecognition(model=model, level="province", decision_number="8/QĐ", decision_on=DAY) for model in models[:8]
    )
    count, told = listed(signed_in, tinh_trang="active")
    assert count == 545
    assert "thuộc 1 loại, 545 đơn vị chủ trì" in told
    assert listed(signed_in, tinh_trang="active", dien_hinh="co")[0] == 8
    assert listed(signed_in, chu_tri="don_vi")[0] == 545


@pytest.mark.slow
def test_73_kinds_with_more_than_39000_participations(signed_in, leader, commune):
    """Seed 000: “73 loại mô hình, thu hút trên 39.000 lượt người tham gia”: participations are no persons."""
    units = Unit.objects.bulk_create(UnitFactory.build_batch(146, jurisdiction=commune))
    kinds = ModelKind.objects.bulk_create([ModelKind(name=f"Loại mô hình {number}") for number in range(73)])
    models = entered(units, kinds, leader)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            model=model,
            held_on=datetime.date(2020, 6, 1),
            content="Sinh hoạt",
            participation_count=268 if place else 140,
            approximation="" if place else "over",
        )
        for place, model in enumerate(models)
    )
    kinds_page = signed_in.get(reverse("models:kind_list")).context
    assert kinds_page["count"].value == 73
    assert kinds_page["counted"] == ("với 146 mô hình (điểm) đang hoạt động; trên 39.000 lượt người tham gia hoạt động")
    told = listed(signed_in, hd_tu="01/01/2017", hd_den="31/12/2020")[1]
    assert "thuộc 73 loại" in told
    assert "trên 39.000 lượt người" in told
    # No member was ever counted: participations are not added up as persons.
    assert "0 thành viên" in told
    log = signed_in.get(reverse("models:log_list"), {"tu": "01/01/2017", "den": "31/12/2020"}).context
    assert "trên 39.000 lượt người tham gia (không phải số người)" in log["counted"]
    assert listed(signed_in, hd_tu="01/01/2021")[0] == 0


@pytest.mark.slow
def test_two_clusters_count_once_in_the_province_and_once_in_each_member_area(signed_in, leader, province):
    """Seed 003: BigC, Công an phường Khai Quang, Công an xã Quất Lưu are one model; so are five bodies together."""
    khai_quang, quat_luu, third = (JurisdictionFactory(parent=province, name=name) for name in ("KQ", "QL", "Ba"))
    kind = ModelKindFactory(name="Cụm liên kết đảm bảo ANTT xóa sơ hở vùng giáp ranh")
    [border] = entered([UnitFactory(jurisdiction=khai_quang, name="Siêu thị BigC")], [kind], leader)
    join(border, bodies=[Body("Công an phường Khai Quang", khai_quang), Body("Công an xã Quất Lưu", quat_luu)])
    five = SelfManagedModel(kind=ModelKindFactory(name="Cụm liên kết"), lead_body="Công an xã", jurisdiction=quat_luu)
    workflow.launch_entered([five], by=leader, on=datetime.date(2019, 5, 1))
    join(
        five,
        units=[UnitFactory(jurisdiction=quat_luu), UnitFactory(jurisdiction=third)],
        bodies=[Body("Công an phường Khai Quang", khai_quang), Body("Công an xã Ba", third)],
    )
    assert listed(signed_in, lien_ket="co")[0] == 2
    found = {area.name: listed(signed_in, dia_ban=str(area.pk))[0] for area in (khai_quang, quat_luu, third)}
    assert found == {"KQ": 2, "QL": 2, "Ba": 1}
    models = SelfManagedModel.objects.visible_to(leader)
    table = period_table(models, province, by=By.AREA, first=datetime.date(2018, 1, 1), last=DAY)
    assert table.total.figures[-1] == 2
    assert sum(line.figures[-1] for line in table.lines) == 5
    page = signed_in.get(reverse("models:model_period"), {"tu": "01/01/2018", "den": "25/09/2024"}).content.decode()
    assert "Mỗi mô hình đếm một lần trong toàn địa bàn" in re.sub(r"\s+", " ", page)
