"""Free text that still tells a person whose data end: listed for an officer to look at, changed by nobody."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from models_registry.models import ModelLogEntry
from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.enums import Function, PoliceLevel
from tests.factories import (
    ActivityFactory,
    GuardFactory,
    InspectionFactory,
    JurisdictionFactory,
    OfficerFactory,
    PoliceOfficeFactory,
    SelfManagedModelFactory,
    UnitFactory,
)
from tests.units.test_retention.world import NAME, day, due, held_for
from units.models import ActivityUnit, Unit
from units.retention.mentions import models_with_words, unit_paths
from units.retention.rules import remove

pytestmark = pytest.mark.django_db

TEXT = f"Trao quà cho ông {NAME.upper()}, tổ bảo vệ"


@pytest.fixture
def told(guard):
    """Texts near the guard's unit that tell the name, and some that do not."""
    held_for("guard")
    inspection = InspectionFactory(unit=guard.unit, findings=f"Ông {NAME} chưa có giấy chứng nhận")
    activity = ActivityFactory(note=TEXT)
    ActivityUnit.objects.create(activity=activity, unit=guard.unit)
    model = SelfManagedModelFactory(lead_unit=guard.unit, lead_body="", jurisdiction=guard.unit.jurisdiction)
    entry = ModelLogEntry.objects.create(model=model, held_on=day("2020-05-01"), content=f"Bầu {NAME} làm tổ trưởng")
    guard.unit.note = "Lê Văn Đã Thôiii; Văn Đã Thôi"
    guard.unit.save()
    # Another unit's text is another person's as well.
    InspectionFactory(unit=UnitFactory(), findings=f"Ông {NAME}")
    return {inspection, activity, entry}


def texts_of(records):
    """What officers wrote, as the database holds it."""
    stored = [type(record)._base_manager.get(pk=record.pk) for record in sorted(records, key=str)]
    return [getattr(record, name, "") for record in stored for name in ("note", "findings", "content")]


def places(kind, by=None):
    return {(mention.record, mention.place) for mention in kind.mentions(by=by)}


def test_whole_names_near_the_unit_are_found(told):
    found = places(due("guard"))
    assert {record for record, _ in found} == told
    assert len(found) == 3


def test_old_texts_and_reasons_are_found_in_history(guard):
    held_for("guard")
    unit = guard.unit
    unit.note = f"Hỏi ông {NAME}"
    unit.save()
    unit.note = ""
    unit.save()
    assert [(mention.record, mention.place) for mention in due("guard").mentions()] == [
        (unit, "nội dung cũ trong lịch sử")
    ]


def test_the_former_name_is_looked_for_too(guard):
    held_for("guard")
    InspectionFactory(unit=guard.unit, findings="Ông Lê Văn Nhầm trực đêm")
    assert [mention.person.name for mention in due("guard").mentions()] == ["Lê Văn Nhầm"]


def test_one_word_is_no_full_name(guard):
    held_for("guard")
    GuardFactory(unit=guard.unit, name="Tốt", ended_on=day("2020-01-01"))
    InspectionFactory(unit=guard.unit, findings="Chấp hành tốt")
    assert due("guard").mentions() == []


def test_heads_of_units_that_have_ended_are_looked_for(guard):
    held_for("unit_person")
    unit = UnitFactory(head_name="Trần Thị Đứng Đầu", status="dissolved", status_on=day("2020-01-01"))
    inspection = InspectionFactory(unit=unit, findings="Làm việc với bà Trần Thị Đứng Đầu")
    assert {mention.record for mention in due("unit_person").mentions()} == {inspection}


@pytest.mark.slow
def test_the_command_tells_before_and_the_journal_keeps_the_places(told, guard, capsys):
    call_command("remove_personal_data")
    out = capsys.readouterr().out
    assert "Cần xem lại bằng mắt: 3 chỗ còn nêu họ tên" in out
    assert f"! {NAME}: " in out
    kind = due("guard")
    texts = texts_of(told)
    remove(kind)
    event = AuditEvent.objects.get(label__startswith="Xóa dữ liệu cá nhân hết thời hạn lưu")
    assert "Cần xem lại bằng mắt: " in event.reason
    assert guard.unit.code in event.reason
    assert NAME not in event.reason
    # Nobody but an officer changes what officers wrote.
    assert texts_of(told) == texts


# -- the page ----------------------------------------------------------------------------------------------------------
def officer_of(area, function=Function.MANAGE_RECORDS):
    PoliceOfficeFactory(jurisdiction=area, level=PoliceLevel.PROVINCE)
    return OfficerFactory(jurisdiction=area, jurisdiction__function=function)


@pytest.fixture
def province(guard):
    """The province in which the guard's unit lies."""
    province = JurisdictionFactory(province=True)
    area = JurisdictionFactory(parent=province)
    Unit.objects.filter(pk=guard.unit_id).update(jurisdiction=area)
    return province


@pytest.mark.slow
def test_the_page_lists_what_the_officer_may_read(client, province, guard):
    held_for("guard")
    InspectionFactory(unit=guard.unit, findings=f"Ông {NAME}")
    client.force_login(officer_of(province))
    text = client.get(reverse("retention:overdue_list")).content.decode()
    assert NAME in text
    assert "1 chỗ cần xem" in text
    assert reverse("retention:overdue_list") in client.get(reverse("persons:personal_data")).content.decode()


def test_nothing_of_units_out_of_reach_is_told(client, province, guard):
    held_for("guard")
    InspectionFactory(unit=guard.unit, findings=f"Ông {NAME}")
    client.force_login(officer_of(JurisdictionFactory(province=True)))
    assert NAME not in client.get(reverse("retention:overdue_list")).content.decode()


def test_who_sets_no_periods_does_not_see_the_page(client, province):
    client.force_login(officer_of(province, Function.ENTER))
    assert client.get(reverse("retention:overdue_list")).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 12])
def test_the_page_asks_as_much_for_many(client, province, guard, count, django_assert_max_num_queries):
    held_for("guard")
    for number in range(count):
        name = f"Phạm Văn {'ABCDEFGHIKLM'[number]}"
        GuardFactory(unit=guard.unit, name=name, ended_on=day("2020-01-01"))
        InspectionFactory(unit=guard.unit, findings=f"Ông {name} trực")
    client.force_login(officer_of(province))
    client.get(reverse("retention:overdue_list"))
    with django_assert_max_num_queries(110):
        client.get(reverse("retention:overdue_list"))


def test_every_model_with_words_near_a_unit_is_looked_at():
    found = {model._meta.label for model in models_with_words()}
    assert {
        "units.Unit", "units.Inspection", "units.Activity", "units.StatusChange", "units.UnitMerge",
        "units.TransferRequest", "units.DuplicatePair", "units.CoordinationAgreement", "units.TrainingCourse",
        "models_registry.SelfManagedModel", "models_registry.ModelLogEntry", "models_registry.ModelStep",
    } <= found  # fmt: skip
    assert all(unit_paths(model) for model in models_with_words())
