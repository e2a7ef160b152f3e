"""The page of personal data, the list of readings, and one person's data put together."""

import getpass
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, tracked_models
from movement_portal.jurisdictions.enums import Function
from movement_portal.persons.holdings import holdings
from movement_portal.persons.reading import put_down
from tests.factories import (
    GuardFactory,
    JurisdictionFactory,
    OfficerFactory,
    SecurityTeamFactory,
    SelfManagedModelFactory,
    TrainingCertificateFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

NUMBER = "000123456789"


@pytest.fixture
def area():
    return JurisdictionFactory()


@pytest.fixture
def manager(area):
    return OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)


def test_every_kind_of_person_is_on_the_page_with_why_and_how_long(client, area):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.READ))
    page = client.get(reverse("persons:personal_data")).content.decode()
    assert {"nguoi-bao-ve", "nguoi-dung-dau", "can-bo"} <= {holding.slug for holding in holdings()}
    for holding in holdings():
        assert all(text in page for text in (holding.title, holding.purpose, holding.basis, *holding.period_lines))


def test_every_column_that_names_a_person_is_on_the_page_and_has_its_end():
    """A new one fails here until its app declares it (``register``) and says how it ends (``units.retention``)."""
    named = {
        f"{model._meta.label_lower}.{column.name}"
        for model in tracked_models()
        for column in model._meta.concrete_fields
        if re.search(r"^(head|contact|leader|signer|full)_name$|phone$|^citizen_id$", column.name)
    }
    assert named == {
        "units.guard.citizen_id",
        *(f"units.unit.{post}_{what}" for post in ("head", "contact") for what in ("name", "phone")),
        *(f"units.securityteam.leader_{what}" for what in ("name", "phone")),
        *(f"models_registry.selfmanagedmodel.head_{what}" for what in ("name", "phone")),
        *(f"models_registry.modelgroup.head_{what}" for what in ("name", "phone")),
        # Officers are named by the journal as long as there is one.
        "jurisdictions.officer.full_name",
        "jurisdictions.officer.phone",
    }


def test_readings_are_listed_for_who_manages_records_within_reach(client, area, manager):
    guard = GuardFactory(unit=UnitFactory(jurisdiction=area), citizen_id=NUMBER)
    far = GuardFactory(citizen_id="000123456780", name="Người Xa")
    for each in (guard, far):
        put_down(each, by=manager, reason="Đối chiếu hồ sơ gốc", what="Số định danh cá nhân")
    client.force_login(manager)
    page = client.get(reverse("persons:read_list")).content.decode()
    assert guard.name in page
    assert "Người Xa" not in page
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.READ))
    assert client.get(reverse("persons:read_list")).status_code == 403


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_of_readings_asks_as_often_however_long(client, area, manager, rows, django_assert_max_num_queries):
    guard = GuardFactory(unit=UnitFactory(jurisdiction=area), citizen_id=NUMBER)
    for _ in range(rows):
        put_down(guard, by=manager, reason="Đối chiếu hồ sơ gốc", what="Số định danh cá nhân")
    client.force_login(manager)
    with django_assert_max_num_queries(10):
        client.get(reverse("persons:read_list"))


def test_all_that_is_held_on_a_person_is_put_together(capsys, monkeypatch, area, manager):
    unit = UnitFactory(jurisdiction=area, head_name="Lê Văn Gác", head_phone="0100000001")
    guard = GuardFactory(unit=unit, name="Lê Văn Gác", citizen_id=NUMBER)
    GuardFactory(unit=unit, name="Lê Văn Gác Khác")
    SecurityTeamFactory(unit=unit, leader_name="Lê Văn Gác")
    TrainingCertificateFactory(guard=guard, number="7/GCN")
    put_down(guard, by=manager, reason="Đối chiếu hồ sơ gốc", what="Số định danh cá nhân")
    call_command("personal_data", name="le van gac", reason="Công văn 12", json=True)
    found = json.loads(capsys.readouterr().out)
    assert [record["loại"] for record in found] == [
        "Người bảo vệ",
        "Người đứng đầu, đầu mối của đơn vị; người phụ trách bảo vệ",
        "Người đứng đầu, đầu mối của đơn vị; người phụ trách bảo vệ",
    ]
    assert found[0]["đang lưu"]["Số định danh cá nhân"] == "000••••••789"
    assert "Giấy chứng nhận 7/GCN" in found[0]["đang lưu"]
    assert found[0]["đã xem đầy đủ"][0]["cán bộ"] == manager.full_name
    assert AuditEvent.objects.filter(kind="read", reason="Công văn 12").exists()

    monkeypatch.setattr(getpass, "getpass", lambda _: "000 123 456 789")
    call_command("personal_data", number=True, reason="Công văn 13")
    out = capsys.readouterr().out
    assert "Lê Văn Gác" in out
    assert NUMBER not in out
    assert out.count("Người bảo vệ:") == 1


@pytest.mark.slow
def test_every_kind_of_person_is_found_with_who_has_viewed_them(capsys, area, manager):
    name = "Đỗ Thị Người Tìm"
    unit = UnitFactory(jurisdiction=area, contact_name=name, contact_phone="0100000002")
    model = SelfManagedModelFactory(jurisdiction=area, head_name=name, head_phone="0100000003")
    model.groups.create(name="Tổ 1", head_name="Đỗ thị người tìm")
    OfficerFactory(jurisdiction=area, full_name=name)
    guard = GuardFactory(unit=unit, name=name, citizen_id=NUMBER)
    put_down(guard, by=manager, reason="Đối chiếu hồ sơ gốc", what="Số định danh cá nhân")
    call_command("personal_data", name=name, reason="Công văn 15", json=True)
    found = json.loads(capsys.readouterr().out)
    assert [record["loại"] for record in found] == [
        "Người bảo vệ",
        "Người đứng đầu, đầu mối của đơn vị; người phụ trách bảo vệ",
        "Trưởng mô hình, tổ trưởng",
        "Trưởng mô hình, tổ trưởng",
        "Cán bộ sử dụng cổng",
    ]
    held = [set(record["đang lưu"].values()) for record in found]
    assert "0100000002" in held[1]
    assert "0100000003" in held[2]
    assert [len(record["đã xem đầy đủ"]) for record in found] == [1, 0, 0, 0, 0]
    assert all(record["thay đổi"] for record in found[:3])
    call_command("personal_data", name="do thi nguoi tim", reason="Công văn 16")
    text = capsys.readouterr().out
    assert text.count("Trưởng mô hình, tổ trưởng: ") == 2
    assert f"{manager.full_name}, " in text
    assert NUMBER not in text


def test_whom_history_alone_still_names_is_told_too(capsys, area, manager):
    name = "Đỗ Thị Người Cũ"
    unit = UnitFactory(jurisdiction=area, name="Trường Mẫu", head_name=name)
    unit.head_name = "Vũ Văn Mới"
    unit.save()
    guard = GuardFactory(unit=unit, name=name, citizen_id=NUMBER)
    put_down(guard, by=manager, reason="Đối chiếu hồ sơ gốc", what="Số định danh cá nhân")
    guard.delete()
    call_command("personal_data", name="do thi nguoi cu", reason="Công văn 17", json=True)
    guards, heads = json.loads(capsys.readouterr().out)
    assert guards["đang lưu"] == {"Chỉ còn trong lịch sử": f"{name}, Trường Mẫu"}
    assert guards["đã xem đầy đủ"][0]["lý do"] == "Đối chiếu hồ sơ gốc"
    assert heads["đang lưu"] == {"Chỉ còn trong lịch sử": "Trường Mẫu"}
    assert [change["việc"] for change in heads["thay đổi"]] == ["Thêm", "Sửa"]
    assert heads["họ tên"] == name


def test_of_a_person_nobody_knows_nothing_is_told(capsys):
    call_command("personal_data", name="Không Có Ai", reason="Công văn 14")
    assert "không lưu gì" in capsys.readouterr().out
    with pytest.raises(CommandError, match="họ tên"):
        call_command("personal_data", reason="x")
