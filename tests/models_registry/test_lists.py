"""Lists of models: what they find, what they count, in how many questions, and the table of a period."""

import datetime

import pytest
from django.urls import reverse

from models_registry import workflow
from models_registry.kind_tables import members_by_kind
from models_registry.models import (
    ModelGroup,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    ModelStrength,
    SelfManagedModel,
)
from models_registry.period_table import By, period_table
from models_registry.tables import strength_of
from tests.factories import ModelKindFactory, SelfManagedModelFactory, UnitFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 1)
YEAR = (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


def found(client, **query):
    page = client.get(reverse("models:model_list"), query)
    return {row["id"] for row in page.context["page"].rows}


@pytest.fixture
def models(commune, unit):
    """One model for each filter, by a word for it."""
    kind = ModelKindFactory(name="Cổng trường", theme="traffic", is_self_management=True)
    made = {
        "school": SelfManagedModelFactory(jurisdiction=commune, active=True, kind=kind, name="Cổng trường Ban Mai"),
        "led": SelfManagedModelFactory(jurisdiction=commune, active=True, lead_unit=unit, lead_body=""),
        "proposed": SelfManagedModelFactory(jurisdiction=commune),
        "over": SelfManagedModelFactory(
            jurisdiction=commune, status="retired", launched_on=DAY, ended_on=DAY, status_on=DAY
        ),
        "best": SelfManagedModelFactory(jurisdiction=commune, status="active", launched_on=DAY),
    }
    ModelRecognition.objects.create(model=made["best"], level="province", decision_number="1/QĐ", decision_on=DAY)
    ModelRating.objects.create(model=made["best"], year=2025, grade="effective")
    ModelMember.objects.create(model=made["led"], body="Công an xã", jurisdiction=commune)
    ModelLogEntry.objects.create(model=made["school"], held_on=DAY, content="Họp", participation_count=120)
    workflow.log_changed([made["school"].pk])
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"school", "led", "proposed", "best"}),
        ({"tinh_trang": "tat_ca"}, {"school", "led", "proposed", "best", "over"}),
        ({"tinh_trang": "da_ket_thuc"}, {"over"}),
        ({"tinh_trang": "proposed"}, {"proposed"}),
        ({"linh_vuc": "traffic"}, {"school"}),
        ({"nguyen_tac": "tu_quan"}, {"school"}),
        ({"dien_hinh": "co"}, {"best"}),
        ({"dien_hinh": "ministry"}, set()),
        ({"dien_hinh": "chua", "tinh_trang": "active"}, {"school", "led"}),
        ({"xep_loai": "2025-effective"}, {"best"}),
        ({"xep_loai": "2025-chua"}, {"school", "led", "proposed"}),
        ({"im_lang": "6"}, {"led"}),
        ({"tu": "01/11/2026", "den": "30/11/2026"}, {"best"}),
        ({"hd_tu": "01/11/2026"}, {"school"}),
        ({"lien_ket": "co"}, {"led"}),
        ({"chu_tri": "don_vi"}, {"led"}),
        ({"khoi": "agency"}, {"led"}),
        ({"q": "cong truong ban"}, {"school"}),
        ({"q": "hoa ban"}, {"led"}),
        ({"chi_tieu": "thanh-loai", "tinh_trang": "tat_ca", "ky_tu": "01/01/2026", "ky_den": "31/12/2026"}, {"over"}),
    ],
    ids=lambda value: "&".join(f"{a}={b}" for a, b in value.items()) if isinstance(value, dict) else " ",
)
def test_filters_find_their_models(signed_in, models, query, expected):
    keys = {model.pk: word for word, model in models.items()}
    assert {keys[pk] for pk in found(signed_in, **query)} == expected


@pytest.mark.slow
def test_counts_say_what_they_count(signed_in, models):
    for word in ("school", "led"):
        ModelStrength.objects.create(
            model=models[word], counted_on=datetime.date(2026, 5, 1), group_count=9, member_count=900
        )
        ModelStrength.objects.create(model=models[word], counted_on=DAY, group_count=2, member_count=30)
    ModelLogEntry.objects.create(
        model=models["school"], held_on=DAY, content="Hội nghị", participation_count=1_000, approximation="over"
    )
    told = signed_in.get(reverse("models:model_list"), {"tinh_trang": "active"}).context["counted"]
    assert told == (
        "(điểm) thuộc 3 loại, 1 đơn vị chủ trì; 4 tổ, 60 thành viên; trên 1.120 lượt người tham gia hoạt động"
    )
    log = signed_in.get(reverse("models:log_list"))
    assert log.context["counted"] == "của 1 mô hình thuộc 1 loại; trên 1.120 lượt người tham gia (không phải số người)"
    kinds = signed_in.get(reverse("models:kind_list"))
    assert kinds.context["count"].value == 3
    assert kinds.context["counted"] == "với 3 mô hình (điểm) đang hoạt động; trên 1.120 lượt người tham gia hoạt động"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["models:model_list", "models:log_list", "models:kind_list", "models:model_period"])
def test_query_count_does_not_grow(signed_in, commune, name, connection_queries):
    def fill(count):
        for model in SelfManagedModelFactory.create_batch(count, jurisdiction=commune, active=True):
            ModelMember.objects.create(model=model, unit=UnitFactory(jurisdiction=commune))
            ModelLogEntry.objects.create(model=model, held_on=DAY, content="Họp", participation_count=3)

    fill(1)
    signed_in.get(reverse(name))
    one = connection_queries(lambda: signed_in.get(reverse(name)))
    fill(11)
    assert connection_queries(lambda: signed_in.get(reverse(name))) == one


@pytest.mark.slow
def test_page_of_a_model_asks_the_same_with_one_member_and_twelve(signed_in, commune, connection_queries):
    model = SelfManagedModelFactory(jurisdiction=commune, active=True)

    def fill(count):
        for unit in UnitFactory.create_batch(count, jurisdiction=commune):
            ModelMember.objects.create(model=model, unit=unit)
            SelfManagedModelFactory(jurisdiction=commune, active=True, replicated_from=model)

    fill(1)
    signed_in.get(model.get_absolute_url())
    one = connection_queries(lambda: signed_in.get(model.get_absolute_url()))
    fill(11)
    assert connection_queries(lambda: signed_in.get(model.get_absolute_url())) == one


def test_export_is_what_is_on_screen(signed_in, models):
    response = signed_in.get(reverse("models:model_export", kwargs={"form": "csv"}), {"dien_hinh": "co"})
    lines = response.content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 2
    assert models["best"].name in lines[1]


# -- the table of a period ---------------------------------------------------------------------------------------------
def line_of(table, label):
    [line] = [line for line in table.lines if label in line.label]
    return line.figures


def test_a_cluster_counts_once_in_all_and_once_in_each_member_area(province, commune, neighbour):
    cluster = SelfManagedModelFactory(jurisdiction=commune, active=True)
    ModelMember.objects.create(model=cluster, unit=UnitFactory(jurisdiction=neighbour))
    ModelMember.objects.create(model=cluster, body="Công an xã", jurisdiction=neighbour)
    ModelMember.objects.create(model=cluster, body="Công an phường", jurisdiction=commune)
    ModelMember.objects.create(model=cluster, body="Công an tỉnh", jurisdiction=province)
    models = SelfManagedModel.objects.within(province)
    table = period_table(models, province, by=By.AREA, first=YEAR[0], last=YEAR[1])
    end = -1
    assert table.total.figures[end] == 1
    assert [line_of(table, area.full_name)[end] for area in (commune, neighbour)] == [1, 1]
    assert line_of(table, "Ở chính")[end] == 1
    assert "một lần ở mỗi địa bàn" in table.rule


@pytest.mark.slow
@pytest.mark.parametrize("by", list(By))
def test_every_figure_leads_to_as_many_models(signed_in, leader, province, commune, neighbour, by):
    kinds = ModelKindFactory(theme="fire"), ModelKindFactory(theme="crime")
    source = SelfManagedModelFactory(
        jurisdiction=province, status="active", launched_on=datetime.date(2024, 5, 1), kind=kinds[0]
    )
    new = SelfManagedModelFactory(jurisdiction=commune, active=True, kind=kinds[1])
    copy = SelfManagedModelFactory(jurisdiction=neighbour, active=True, replicated_from=source, kind=kinds[0])
    ModelMember.objects.create(model=new, unit=UnitFactory(jurisdiction=neighbour))
    workflow.perform(workflow.STRENGTHEN, source.pk, by=leader, on=DAY, reason="Kiện toàn")
    workflow.perform(workflow.RETIRE, copy.pk, by=leader, on=DAY, reason="Không hiệu quả")
    query = {"theo": by.value, "tu": "01/01/2026", "den": "31/12/2026"}
    page = signed_in.get(reverse("models:model_period"), query)
    rows = [figures for _, figures in page.context["lines"]] + [page.context["total"]]
    checked = 0
    for _, number, url in (figure for figures in rows for figure in figures):
        if url:
            assert signed_in.get(url).context["count"].value == number, url
            checked += 1
    assert checked > 8
    total = {label: number for label, number, _ in page.context["total"]}
    assert total == {
        "Đầu kỳ": 1,
        "Xây dựng mới": 1,
        "Nhân rộng": 1,
        "Củng cố": 1,
        "Thanh loại": 1,
        "Giải thể": 0,
        "Sáp nhập": 0,
        "Cuối kỳ": 2,
    }


def test_the_table_goes_out_as_it_stands(signed_in, commune):
    SelfManagedModelFactory(jurisdiction=commune, active=True)
    response = signed_in.get(reverse("models:model_period_export", kwargs={"form": "csv"}))
    lines = response.content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 3
    assert commune.full_name in lines[1]


def test_a_stranger_to_models_sees_no_table(client, commune):
    assert client.get(reverse("models:model_period")).status_code == 302


def test_strength_is_the_last_count_else_that_of_the_groups(commune):
    counted, named, unknown = SelfManagedModelFactory.create_batch(3, jurisdiction=commune, active=True)
    for day, members in ((datetime.date(2025, 1, 1), 90), (DAY, 30)):
        ModelStrength.objects.create(model=counted, counted_on=day, group_count=2, member_count=members)
    ModelStrength.objects.create(model=counted, counted_on=datetime.date(2026, 11, 20), camera_count=4)
    ModelGroup.objects.create(model=counted, name="Tổ 1", member_count=7)
    for number in (1, 2):
        ModelGroup.objects.create(model=named, name=f"Tổ {number}", member_count=5)
    ModelGroup.objects.create(model=named, name="Đã thôi", member_count=9, valid_to=datetime.date(2026, 1, 1))
    models = SelfManagedModel.objects.all()
    found = {model.pk: (model.group_count, model.member_count) for model in models.with_strength()}
    assert found == {counted.pk: (2, 30), named.pk: (2, 10), unknown.pk: (None, None)}
    assert strength_of(models) == (4, 40)
    assert members_by_kind(models) == {counted.kind_id: 30, named.kind_id: 10}


@pytest.mark.slow
def test_the_first_word_of_a_name_finds_it_in_every_list(signed_in, commune):
    kind = ModelKindFactory(name="Zalo kết nối bình yên")
    model = SelfManagedModelFactory(jurisdiction=commune, active=True, name="Xóm đạo bình yên", kind=kind)
    entry = ModelLogEntry.objects.create(model=model, held_on=DAY, content="Họp")
    for word in ("xom", "zalo"):
        assert found(signed_in, q=word) == {model.pk}
        log = signed_in.get(reverse("models:log_list"), {"q": word})
        assert list(log.context["filters"].everything) == [entry]
    kinds = signed_in.get(reverse("models:kind_list"), {"q": "zalo"})
    assert list(kinds.context["filters"].everything) == [kind]
    offered = signed_in.get(reverse("models:model_options"), {"o": "into", "into": "xóm"}).content.decode()
    assert model.code in offered
