"""Pages of models: entering, the model's page, who sees and writes, steps, copies, what is written of a model."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from models_registry.enums import MemberRole, ModelStatus
from models_registry.models import (
    ModelGroup,
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRecognition,
    ModelStep,
    SelfManagedModel,
)
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.worklists import work_of
from tests.factories import JurisdictionFactory, ModelKindFactory, OfficerFactory, SelfManagedModelFactory, UnitFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 1)


@pytest.fixture
def model(commune):
    return SelfManagedModelFactory(jurisdiction=commune, active=True, name="Cổng trường an toàn")


def sent_with(client, address, **values):
    """The values with the key that the form came with."""
    key = client.get(address).context["form"].initial["submission_key"]
    return values | {"submission_key": str(key)}


@pytest.mark.slow
def test_a_cluster_is_entered_with_all_who_take_part(signed_in, unit, commune, neighbour):
    school = UnitFactory(jurisdiction=neighbour, name="Trường THPT Ban Mai")
    kind = ModelKindFactory(name="Cụm liên kết đảm bảo ANTT")
    address = reverse("models:model_add")
    sent = sent_with(
        signed_in,
        address,
        kind=kind.pk,
        lead_unit_code=unit.code,
        member_units_text=school.name,
        body_1="Công an phường",
        body_area_1=commune.pk,
        body_2="Công an xã",
        body_area_2=neighbour.pk,
        launched_on="01/10/2026",
        group_count="2",
        member_count="1.045",
        regulation=SimpleUploadedFile("quy-che.pdf", b"%PDF-1.4 quy che"),
    )
    for _ in range(2):
        response = signed_in.post(address, sent)
        assert response.status_code == 302
        sent["regulation"] = SimpleUploadedFile("quy-che.pdf", b"%PDF-1.4 quy che")
    model = SelfManagedModel.objects.get()
    assert response.url == model.get_absolute_url()
    assert (model.name, model.jurisdiction, model.status) == (kind.name, commune, ModelStatus.ACTIVE)
    assert {str(member) for member in model.members.all()} == {school.name, "Công an phường", "Công an xã"}
    assert model.strengths.get().member_count == 1045
    assert [step.kind for step in model.steps.all()] == ["launch"]
    page = signed_in.get(model.get_absolute_url()).content.decode()
    assert school.name in page
    assert "1.045 thành viên" in page
    paper = signed_in.get(reverse("models:model_regulation", args=[model.pk]))
    assert b"".join(paper.streaming_content) == b"%PDF-1.4 quy che"
    assert "Cụm liên kết" in signed_in.get(school.get_absolute_url()).content.decode()


@pytest.mark.slow
def test_one_place_leads(signed_in, unit):
    address = reverse("models:model_add")
    kind = ModelKindFactory()
    nobody = signed_in.post(address, sent_with(signed_in, address, kind=kind.pk))
    assert "Chọn đơn vị chủ trì" in nobody.content.decode()
    both = signed_in.post(
        address, sent_with(signed_in, address, kind=kind.pk, lead_unit_code=unit.code, lead_body="Công an xã")
    )
    assert "Chỉ ghi một nơi chủ trì" in both.content.decode()
    assert not SelfManagedModel.objects.exists()


@pytest.mark.slow
def test_a_clerk_proposes_and_does_not_launch(client, clerk, commune):
    client.force_login(clerk)
    address = reverse("models:model_add")
    form = client.get(address).context["form"]
    assert "launched_on" not in form.fields
    sent = sent_with(client, address, kind=ModelKindFactory().pk, lead_body="Công an xã", jurisdiction=commune.pk)
    assert client.post(address, sent | {"launched_on": "01/10/2026"}).status_code == 302
    model = SelfManagedModel.objects.get()
    assert (model.status, model.launched_on) == (ModelStatus.PROPOSED, None)
    assert client.get(reverse("models:model_step", args=[model.pk, "launch"])).status_code == 403


@pytest.mark.slow
def test_an_edit_keeps_what_it_does_not_ask(signed_in, model):
    address = reverse("models:model_edit", args=[model.pk])
    sent = {
        "kind": model.kind_id,
        "name": "Tên mới",
        "lead_body": model.lead_body,
        "jurisdiction": model.jurisdiction_id,
    }
    assert signed_in.post(address, sent | {"version": model.version}).status_code == 302
    stale = signed_in.post(address, sent | {"version": model.version, "name": "Tên khác"})
    assert stale.status_code == 422
    model.refresh_from_db()
    assert (model.name, model.status) == ("Tên mới", ModelStatus.ACTIVE)


@pytest.mark.slow
def test_a_source_out_of_reach_stays(client, commune):
    far = SelfManagedModelFactory(active=True, name="Mô hình nguồn nơi khác")
    copy = SelfManagedModelFactory(jurisdiction=commune, active=True, replicated_from=far)
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_RECORDS))
    page = client.get(copy.get_absolute_url()).content.decode()
    assert "Một mô hình ở địa bàn khác" in page
    assert far.name not in page
    sent = {"kind": copy.kind_id, "name": "Tên mới", "lead_body": "Công an xã", "jurisdiction": commune.pk}
    client.post(reverse("models:model_edit", args=[copy.pk]), sent | {"version": copy.version})
    copy.refresh_from_db()
    assert (copy.name, copy.replicated_from) == ("Tên mới", far)


@pytest.mark.slow
def test_a_regulation_is_taken_away_only_when_asked(signed_in, model):
    model.regulation.save("x.pdf", SimpleUploadedFile("x.pdf", b"%PDF-1.4"), save=True)
    sent = {
        "kind": model.kind_id,
        "name": model.name,
        "lead_body": model.lead_body,
        "jurisdiction": model.jurisdiction_id,
    }
    address = reverse("models:model_edit", args=[model.pk])
    signed_in.post(address, sent | {"version": model.version})
    model.refresh_from_db()
    assert model.regulation
    signed_in.post(address, sent | {"version": model.version, "regulation_removed": "on"})
    model.refresh_from_db()
    assert not model.regulation
    assert signed_in.get(reverse("models:model_regulation", args=[model.pk])).status_code == 404


@pytest.mark.slow
def test_a_step_is_taken_on_its_page_with_day_decision_and_reason(signed_in, model):
    address = reverse("models:model_step", args=[model.pk, "retire"])
    refused = signed_in.post(address, {"effective_on": "01/11/2026"})
    assert refused.status_code == 422
    sent = {"effective_on": "01/11/2026", "decision_number": "9/QĐ", "reason": "Không còn hiệu quả"}
    assert signed_in.post(address, sent).url == model.get_absolute_url()
    model.refresh_from_db()
    assert (model.status, model.ended_on) == (ModelStatus.RETIRED, DAY)
    page = signed_in.get(model.get_absolute_url()).content.decode()
    assert "Không còn hiệu quả" in page
    assert "Khôi phục" in page
    assert signed_in.get(address).status_code == 302


@pytest.mark.slow
def test_a_model_is_merged_into_one_chosen_by_name(signed_in, model, commune):
    receiver = SelfManagedModelFactory(jurisdiction=commune, active=True, name="Mô hình nhận")
    sent = {"into": "mo hinh nhan", "effective_on": "01/11/2026", "reason": "Sáp nhập hai điểm"}
    signed_in.post(reverse("models:model_step", args=[model.pk, "merge"]), sent)
    model.refresh_from_db()
    assert model.merged_into == receiver
    assert model.name in signed_in.get(receiver.get_absolute_url()).content.decode()


@pytest.mark.slow
def test_a_model_is_copied_to_pasted_units(signed_in, model, commune):
    units = UnitFactory.create_batch(3, jurisdiction=commune)
    address = reverse("models:model_replicate", args=[model.pk])
    sent = {"units_text": "\n".join(unit.code for unit in units), "on": "15/10/2026", "is_running": "on"}
    assert signed_in.post(address, sent).status_code == 302
    copies = SelfManagedModel.objects.filter(replicated_from=model)
    assert {copy.lead_unit for copy in copies} == set(units)
    assert {copy.status for copy in copies} == {ModelStatus.ACTIVE}
    assert ModelStep.objects.filter(model=model, kind="replicate").count() == 3
    assert signed_in.get(model.get_absolute_url()).context["copy_count"] == 3


@pytest.mark.slow
def test_units_and_bodies_join_once(signed_in, model, unit, commune):
    address = reverse("models:modelmember_add", args=[model.pk])
    sent = {"units_text": unit.code, "body": "Ban quản lý chợ", "jurisdiction": commune.pk, "role": "partner"}
    for _ in range(2):
        assert signed_in.post(address, sent).status_code == 302
    assert {(str(row), row.role) for row in model.members.all()} == {
        (unit.name, MemberRole.PARTNER),
        ("Ban quản lý chợ", MemberRole.PARTNER),
    }
    row = model.members.get(unit=unit)
    edit = reverse("models:modelmember_edit", args=[row.pk])
    signed_in.post(edit, {"version": row.version, "role": "guide", "valid_to": "01/11/2026"})
    row.refresh_from_db()
    assert (row.role, row.valid_to) == (MemberRole.GUIDE, DAY)


@pytest.mark.parametrize(
    ("name", "rows", "sent"),
    [
        ("modellogentry", ModelLogEntry, {"held_on": "01/11/2026", "content": "Họp", "participation_count": "30"}),
        ("modelgroup", ModelGroup, {"name": "Tổ 1", "member_count": "5"}),
    ],
)
def test_a_form_sent_twice_makes_one_row(signed_in, model, name, rows, sent):
    address = reverse(f"models:{name}_add", args=[model.pk])
    assert [signed_in.post(address, sent).status_code for _ in range(2)] == [302, 422]
    assert rows.objects.count() == 1


@pytest.mark.slow
def test_the_log_keeps_the_day_of_the_last_activity(signed_in, model):
    address = reverse("models:modellogentry_add", args=[model.pk])
    sent = {"held_on": "01/11/2026", "content": "Họp", "participation_count": "1.200", "approximation": "over"}
    assert signed_in.post(address, sent).status_code == 302
    model.refresh_from_db()
    assert model.last_active_on == DAY
    entry = ModelLogEntry.objects.get()
    assert "trên 1.200 lượt người" in signed_in.get(model.get_absolute_url()).content.decode()
    signed_in.post(reverse("models:modellogentry_remove", args=[entry.pk]))
    model.refresh_from_db()
    assert model.last_active_on is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sent", "word"),
    [
        ("modelgroup", {"name": "Tổ số 1", "member_count": "7"}, "Tổ số 1"),
        ("modelstrength", {"counted_on": "01/11/2026", "member_count": "45"}, "45 thành viên"),
        ("modelrating", {"year": "2026", "grade": "weak", "remark": "Ít họp"}, "Ít họp"),
        (
            "modelrecognition",
            {"level": "province", "decision_number": "8/QĐ", "decision_on": "01/11/2026"},
            "Điển hình tiên tiến",
        ),
    ],
)
def test_rows_of_a_model_are_added_edited_and_removed(signed_in, model, name, sent, word):
    add = reverse(f"models:{name}_add", args=[model.pk])
    assert signed_in.post(add, sent).status_code == 302
    assert word in signed_in.get(model.get_absolute_url()).content.decode()
    # Once a year, once a day, once by its name: said on the form, not by a server error.
    again = signed_in.post(add, sent)
    assert again.status_code == 422
    [related] = [each for each in model._meta.related_objects if each.related_model._meta.model_name == name]
    row = related.related_model.objects.filter(model=model).first()
    address = reverse(f"models:{name}_edit", args=[row.pk])
    assert signed_in.post(address, sent | {"version": row.version}).status_code == 302
    remove = reverse(f"models:{name}_remove", args=[row.pk])
    assert signed_in.get(remove).status_code == 200
    assert signed_in.post(remove).status_code == 302
    assert not related.related_model.objects.filter(pk=row.pk).exists()


# -- who sees and writes -----------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_out_of_area_is_not_found_and_without_the_right_forbidden(client, model):
    client.force_login(OfficerFactory(jurisdiction__function=Function.MANAGE_RECORDS))
    for name in ("model_detail", "model_edit", "model_replicate", "model_regulation"):
        assert client.get(reverse(f"models:{name}", args=[model.pk])).status_code == 404
    client.force_login(OfficerFactory(jurisdiction=model.jurisdiction, jurisdiction__function=Function.READ))
    assert client.get(model.get_absolute_url()).status_code == 200
    for name in ("model_edit", "model_replicate"):
        assert client.get(reverse(f"models:{name}", args=[model.pk])).status_code == 403
    assert client.get(reverse("models:modelrating_add", args=[model.pk])).status_code == 403
    assert client.get(reverse("models:model_add")).status_code == 403


@pytest.mark.slow
def test_a_member_area_reads_without_the_names_of_other_units(client, model, neighbour, province):
    mine, other = (
        UnitFactory(jurisdiction=neighbour),
        UnitFactory(jurisdiction=JurisdictionFactory(parent=province), name="Đơn vị xã thứ ba"),
    )
    entry = ModelLogEntry.objects.create(model=model, held_on=DAY, content="Họp")
    for each in (mine, other):
        ModelMember.objects.create(model=model, unit=each)
    client.force_login(OfficerFactory(jurisdiction=neighbour, jurisdiction__function=Function.MANAGE_RECORDS))
    page = client.get(model.get_absolute_url()).content.decode()
    assert mine.name in page
    assert other.name not in page
    assert "1 đơn vị ở địa bàn khác cùng tham gia" in page
    assert "do địa bàn khác quản lý" in page
    assert client.get(reverse("models:model_edit", args=[model.pk])).status_code == 403
    assert client.get(reverse("models:modellogentry_edit", args=[entry.pk])).status_code == 403
    assert client.post(reverse("models:modellogentry_remove", args=[entry.pk])).status_code == 403


@pytest.mark.slow
def test_a_leading_unit_out_of_reach_is_not_named(client, unit, neighbour):
    model = SelfManagedModelFactory(jurisdiction=unit.jurisdiction, active=True, lead_unit=unit, lead_body="")
    ModelMember.objects.create(model=model, unit=UnitFactory(jurisdiction=neighbour))
    client.force_login(OfficerFactory(jurisdiction=neighbour))
    for address in (
        model.get_absolute_url(),
        reverse("models:model_list"),
        reverse("models:model_export", kwargs={"form": "csv"}),
    ):
        page = client.get(address)
        text = b"".join(page.streaming_content) if page.streaming else page.content
        assert unit.name not in text.decode()
        assert "Đơn vị ở địa bàn khác" in text.decode()
    assert client.get(reverse("models:model_list"), {"q": "hoa ban"}).context["count"].value == 0


# -- what waits --------------------------------------------------------------------------------------------------------
def test_six_months_of_silence_raise_themselves(client, clerk, commune):
    quiet = SelfManagedModelFactory(jurisdiction=commune, active=True, name="Im lặng")
    quiet.last_active_on = datetime.date(2026, 5, 21)
    quiet.save()
    busy = SelfManagedModelFactory(jurisdiction=commune, active=True)
    ModelLogEntry.objects.create(model=busy, held_on=DAY, content="Họp")
    busy.last_active_on = DAY
    busy.save()
    SelfManagedModelFactory(jurisdiction=commune, status="active", launched_on=DAY)
    [work] = [work for work in work_of(clerk) if "không hoạt động" in work.label]
    assert (work.label, work.count) == ("Mô hình 6 tháng không hoạt động", 1)
    client.force_login(clerk)
    page = client.get(work.url)
    assert page.context["count"].value == 1
    assert "Im lặng" in page.content.decode()


def test_proposals_wait_for_those_who_decide(clerk, leader, commune):
    SelfManagedModelFactory(jurisdiction=commune)
    assert [work.count for work in work_of(leader) if "đề xuất" in work.label] == [1]
    assert not [work for work in work_of(clerk) if "đề xuất" in work.label]


# -- kinds -------------------------------------------------------------------------------------------------------------
def test_the_catalogue_grows_by_those_who_keep_it(client, leader, clerk):
    client.force_login(leader)
    sent = {"name": "Camera an ninh", "place": "any", "theme": "camera", "is_in_use": "on"}
    address = reverse("models:kind_add")
    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent | {"name": "CAMERA AN NINH"})
    assert "Loại mô hình này đã có" in again.content.decode()
    kind = ModelKind.objects.get()
    client.force_login(clerk)
    assert client.get(address).status_code == 403
    page = client.get(reverse("models:kind_detail", args=[kind.pk])).content.decode()
    assert "0 mô hình đang hoạt động" in page


@pytest.mark.slow
def test_a_recognised_model_carries_its_mark(signed_in, model):
    ModelRecognition.objects.create(model=model, level="ministry", decision_number="1/QĐ-BCA", decision_on=DAY)
    assert "Điển hình" in signed_in.get(reverse("models:model_list")).content.decode()
    assert "Điển hình tiên tiến" in signed_in.get(model.get_absolute_url()).content.decode()
