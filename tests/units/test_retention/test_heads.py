"""Heads, contacts and leaders who are no more are forgotten after their time."""

import pytest

from tests.factories import (
    OfficerFactory,
    SecurityTeamFactory,
    SelfManagedModelFactory,
    UnitFactory,
)
from tests.units.test_retention.world import PHONE, day, due, everything_in_the_database, held_for, moment
from units.models import UnitMerge
from units.retention.rules import remove

pytestmark = pytest.mark.django_db


def test_history_forgets_former_heads_and_keeps_the_present_one():
    held_for("unit_person")
    with moment("2020-01-01"):
        unit = UnitFactory(name="Trường Mẫu", head_name="Vũ Thứ Nhất", head_phone=PHONE, contact_name="Vũ Liên Hệ")
    with moment("2022-01-01"):
        unit.head_name, unit.head_phone = "Vũ Thứ Hai", "0100000078"
        unit.save()
    with moment("2026-01-01"):
        unit.head_name = "Vũ Thứ Ba"
        unit.save()
    kind = due("unit_person")
    assert [found.label for found in kind.due] == ["Trường Mẫu: tên cũ trong lịch sử"]
    remove(kind)
    held = everything_in_the_database()
    assert [name for name in ("Vũ Thứ Nhất", PHONE) if name in held] == []
    # The second left ten months ago; the third and the contact are there.
    assert all(name in held for name in ("Vũ Thứ Hai", "Vũ Thứ Ba", "Vũ Liên Hệ", "0100000078"))
    unit.refresh_from_db()
    assert (unit.head_name, unit.head_phone) == ("Vũ Thứ Ba", "0100000078")
    assert due("unit_person").due == []


def test_a_unit_long_dissolved_names_nobody_any_more():
    held_for("unit_person")
    with moment("2020-01-01"):
        gone = UnitFactory(
            status="dissolved", status_on=day("2020-01-01"), head_name="Vũ Giải Thể", contact_phone=PHONE
        )
        UnitFactory(status="suspended", status_on=day("2020-01-01"), head_name="Vũ Tạm Ngừng")
    remove(due("unit_person"))
    gone.refresh_from_db()
    assert (gone.head_name, gone.contact_phone) == ("", "")
    held = everything_in_the_database()
    assert "Vũ Giải Thể" not in held
    assert " vu giai the " not in held
    assert PHONE not in held
    assert "Vũ Tạm Ngừng" in held


@pytest.mark.slow
def test_leaders_of_teams_that_ended_and_of_rows_kept_aside_are_forgotten():
    held_for("team_leader")
    with moment("2020-01-01"):
        team = SecurityTeamFactory(leader_name="Ngô Tổ Trưởng", ended_on=day("2020-01-01"))
        standing = SecurityTeamFactory(leader_name="Ngô Còn Làm")
        merge = UnitMerge.objects.create(
            survivor=standing.unit, absorbed=team.unit, reason="Trùng", merged_by=OfficerFactory(),
            event_id="00000000-0000-0000-0000-000000000001",
            set_aside=[
                {"model": "units.securityteam", "pk": 9, "fields": {"name": "Tổ", "leader_name": "Ngô Cất Riêng"}}
            ],
        )  # fmt: skip
    remove(due("team_leader"))
    team.refresh_from_db()
    merge.refresh_from_db()
    assert team.leader_name == ""
    assert merge.set_aside[0]["fields"] == {"name": "Tổ", "leader_name": "", "leader_phone": ""}
    held = everything_in_the_database()
    assert "Ngô Tổ Trưởng" not in held
    assert "Ngô Cất Riêng" not in held
    assert "Ngô Còn Làm" in held


def test_heads_of_models_that_ended_are_forgotten():
    held_for("model_head")
    with moment("2020-01-01"):
        ended = SelfManagedModelFactory(head_name="Đỗ Trưởng Cũ", head_phone=PHONE)
        type(ended).objects.filter(pk=ended.pk).update(
            status="dissolved", status_on=day("2020-01-01"), ended_on=day("2020-01-01")
        )
        SelfManagedModelFactory(head_name="Đỗ Trưởng Nay")
        ended.groups.create(name="Tổ 1", head_name="Đỗ Tổ Trưởng")
    remove(due("model_head"))
    held = everything_in_the_database()
    assert [name for name in ("Đỗ Trưởng Cũ", PHONE, "Đỗ Tổ Trưởng") if name in held] == []
    assert "Đỗ Trưởng Nay" in held
