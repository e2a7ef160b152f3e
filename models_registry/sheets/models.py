"""Lists of models as offices send them: one row is one model."""

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from models_registry.enums import ENDED_STATUSES, ModelGrade, ModelStatus, ModelStepKind
from models_registry.models import (
    ModelKind,
    ModelRating,
    ModelStep,
    SelfManagedModel,
)
from models_registry.sheets.members import (
    COUNTED,
    GROUPS,
    MEMBER_BODIES,
    MEMBER_UNITS,
    MEMBERS,
    write_members,
    write_strengths,
)
from models_registry.workflow import CHANGE_STATUS
from movement_portal.lib.columns import load_relation
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.spreadsheets.drafts import Draft, ToMake
from movement_portal.spreadsheets.fields import (
    BY_NAME,
    Child,
    Elsewhere,
    Field,
    Kind,
    Lookup,
    Merge,
    Relation,
    choices_of,
)
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import Written, register
from movement_portal.spreadsheets.values import BETWEEN
from units.models import Unit
from units.sheets.unit_records import BY_UNIT, UNIT_NAMES

#: How a list names a model in a cell.
BY_MODEL = (Lookup("code"), BY_NAME)
MODEL_NAMES = ("Tên mô hình", "Mã mô hình", "Mô hình tự quản")
_POLICE = "cong an"
EXAMPLE_OF_NAME = "“Camera an ninh · Trường THCS Mẫu”"
WHO_TOOK_IT_IN = (
    f"Mô hình đã sáp nhập phải ghi mô hình nhận ở “Sáp nhập vào”: mã, hoặc tên và nơi chủ trì, {EXAMPLE_OF_NAME}."
)


def name_after_kind(draft: Draft) -> None:
    """A row without a name of its own is called after its kind; one without a kind may be of the kind it is called."""
    kind = draft.get("kind")
    if not draft.get("name") and isinstance(kind, str):
        draft.values["name"] = kind
    elif draft.get("name") and not kind:
        draft.values["kind"] = draft.values["name"]
        draft.columns["kind"] = draft.column("name")


def police_lead(draft: Draft) -> None:
    """A police office in the column of the leading unit is no unit of the register: it leads as a body."""
    lead = draft.get("lead_unit")
    if isinstance(lead, str) and fold(lead).startswith(_POLICE) and not draft.get("lead_body"):
        draft.values["lead_body"] = nfc(draft.values.pop("lead_unit"))
        draft.columns["lead_body"] = draft.columns.pop("lead_unit", "")


def called_by_lead(name: str, lead: str) -> str:
    """What tells a model from others of its name: “Camera an ninh · DV0000123”."""
    return nfc(f"{name}{BETWEEN}{lead}")


def call_by_lead(draft: Draft) -> None:
    """Note what other rows of the list may call this one."""
    lead = draft.get("lead_unit") or draft.get("lead_body")
    if isinstance(lead, str) and draft.get("name"):
        draft.values["called"] = called_by_lead(draft.values["name"], lead)


def models_with_lead(models: QuerySet) -> Mapping[str, list[int]]:
    """The models by name and by who leads them, the unit by its code or name."""
    found = defaultdict(list)
    columns = ("pk", "name", "lead_unit__code", "lead_unit__name", "lead_body")
    for pk, name, *leads in models.order_by().values_list(*columns):
        for lead in filter(None, leads):
            found[fold(called_by_lead(name, lead))].append(pk)
    return found


def look_up_kinds(drafts: Sequence[Draft], officer, places) -> None:
    """A name that a kind also has means that kind, and no new one is made."""
    asked = [draft for draft in drafts if isinstance(draft.get("kind"), ToMake)]
    if not asked:
        return
    others = {}
    for pk, names in ModelKind.objects.exclude(other_names="").values_list("pk", "other_names"):
        others.update({fold(name): pk for name in names.split("\n") if name.strip()})
    for draft in asked:
        if pk := others.get(fold(draft.values["kind"].text)):
            draft.values["kind"] = pk


def look_up_homes(drafts: Sequence[Draft], officer, places) -> None:
    """A model that a unit leads lies where the unit lies, whatever its row says."""
    led = [draft for draft in drafts if isinstance(draft.get("lead_unit"), int)]
    keys = {draft.values["lead_unit"] for draft in led}
    rows = Unit.objects.filter(pk__in=keys).values_list("pk", "jurisdiction", "jurisdiction__path") if keys else ()
    homes = {pk: home for pk, *home in rows}
    for draft in led:
        draft.values["jurisdiction"], draft.area_path = homes[draft.values["lead_unit"]]
        draft.area_guessed, draft.area_candidates = False, ()
        draft.problems = [problem for problem in draft.problems if problem.key != "jurisdiction"]


def settle_state(draft: Draft) -> None:
    """The state of a new model by the days its row gives; of one that is there the row changes no state."""
    if not draft.is_new:
        if draft.get("code") not in (None, "", draft.found.code):
            draft.refuse("code", f"Mã này không phải của “{draft.found.name}”.", "Mã mô hình không khớp")
        return
    if draft.get("code"):
        draft.refuse("code", "Không có mô hình nào mang mã này trong địa bàn của đồng chí.", "Mã mô hình không có")
    launched, ended = draft.get("launched_on"), draft.get("ended_on")
    said = draft.get("status")
    for name, day in (("launched_on", launched), ("ended_on", ended)):
        if day and day > today():
            draft.refuse(name, "Ngày không được sau hôm nay.", "Ngày chưa tới")
    said = _said_of_merging(draft, said)
    status, since = _state(said, launched, ended, draft)
    draft.values["status"], draft.values["status_on"] = status.value, since
    if status not in ENDED_STATUSES:
        draft.values.pop("ended_on", None)
    if status in (ModelStatus.PROPOSED, ModelStatus.APPROVED):
        draft.values.pop("launched_on", None)


def _said_of_merging(draft: Draft, said):
    """What a row says of its state, by whether it names the model that took it in."""
    is_named = "merged_into" in draft.values
    if said in (None, ModelStatus.MERGED) and is_named:
        return ModelStatus.MERGED
    if said == ModelStatus.MERGED and not any(problem.key == "merged_into" for problem in draft.problems):
        draft.refuse("merged_into", WHO_TOOK_IT_IN, "Chưa rõ mô hình nhận sáp nhập", value="")
    elif is_named:
        del draft.values["merged_into"]
        draft.notice("merged_into", "Chỉ mô hình đã sáp nhập mới có mô hình nhận: bỏ qua ô này.")
    return said


def _state(said, launched, ended, draft: Draft):
    """State and its first day of a new model."""
    if ended:
        return (ModelStatus(said) if said in ENDED_STATUSES else ModelStatus.DISSOLVED), ended
    if said in ENDED_STATUSES:
        draft.refuse("ended_on", "Mô hình đã kết thúc phải có ngày kết thúc.", "Thiếu ngày kết thúc", value="")
    if launched and said not in (ModelStatus.PROPOSED, ModelStatus.APPROVED):
        return ModelStatus.ACTIVE, launched
    if said == ModelStatus.ACTIVE:
        draft.refuse("launched_on", "Mô hình đang hoạt động phải có ngày ra mắt.", "Thiếu ngày ra mắt", value="")
    if draft.get("decision_on") and draft.get("decision_number"):
        return ModelStatus.APPROVED, min(draft.get("decision_on"), today())
    return ModelStatus.PROPOSED, today()


def write_steps(written: Sequence[Written], officer) -> None:
    """A model that comes in has its first step, and the one by which it ended."""
    first = {ModelStatus.PROPOSED: ModelStepKind.PROPOSE, ModelStatus.APPROVED: ModelStepKind.APPROVE}
    ends = {ModelStatus.RETIRED: ModelStepKind.RETIRE, ModelStatus.MERGED: ModelStepKind.MERGE}
    steps = []
    for model in (each.record for each in written if each.created):
        kind = first.get(model.status, ModelStepKind.LAUNCH)
        state = model.status if model.status in first else ModelStatus.ACTIVE
        if state != ModelStatus.ACTIVE or model.launched_on:
            on = model.launched_on or model.status_on
            steps.append(ModelStep(model=model, kind=kind, to_status=state, effective_on=on, officer=officer))
        if model.status in ENDED_STATUSES:
            steps.append(
                ModelStep(
                    model=model,
                    kind=ends.get(model.status, ModelStepKind.DISSOLVE),
                    other_id=model.merged_into_id,
                    from_status=ModelStatus.ACTIVE,
                    to_status=model.status,
                    effective_on=model.ended_on,
                    reason="Theo danh sách nhập vào sổ",
                    officer=officer,
                )
            )
    # The history of a merging names the model that takes the other in.
    load_relation([step for step in steps if step.other_id], "other")
    ModelStep.objects.bulk_create(steps)


def write_what_hangs_on_models(written: Sequence[Written], officer) -> None:
    """Steps of new models, members and strength of all."""
    write_steps(written, officer)
    write_members(written, officer)
    write_strengths(written, officer)


GRADES = choices_of(
    ModelGrade,
    EFFECTIVE=("Tốt", "Hoạt động hiệu quả", "Có hiệu quả", "Khá", "Hoạt động tốt"),
    AVERAGE=("TB", "Hoạt động trung bình", "Bình thường"),
    WEAK=("Yếu kém", "Kém hiệu quả", "Kém", "Hoạt động yếu"),
)
STATES = choices_of(
    ModelStatus,
    PROPOSED=("Đề nghị", "Đang đề xuất", "Dự kiến"),
    APPROVED=("Phê duyệt", "Chưa ra mắt"),
    ACTIVE=("Hoạt động", "Duy trì", "Đang duy trì", "Còn hoạt động"),
    RETIRED=("Đã thanh loại", "Thôi hoạt động", "Ngừng hoạt động"),
    DISSOLVED=("Đã giải thể",),
    MERGED=("Đã sáp nhập",),
)


#: How a row names another model of the list, or of the register: by its name and who leads it.
CALLED = Elsewhere(read=lambda _keys, _officer: {}, join=lambda old, _new: old)
OTHER_MODEL = Relation(
    model=SelfManagedModel,
    lookups=BY_MODEL,
    in_file="called",
    text=lambda model: called_by_lead(model.name, model.lead_unit.code if model.lead_unit_id else model.lead_body),
    text_relations=("lead_unit",),
    also_called=models_with_lead,
)

CODE = Field(name="code", label="Mã mô hình", kind=Kind.CODE, column="code", help="Do cổng cấp; để trống khi thêm mới.")
#: Fields beside the columns of a model that forms fill in: members, life, strength, rating.
FIELDS = (
    Field(
        name="member_units",
        label="Đơn vị cùng tham gia",
        kind=Kind.SEVERAL,
        synonyms=("Đơn vị tham gia", "Các đơn vị tham gia", "Đơn vị phối hợp", "Thành viên tham gia"),
        help="Mã hoặc tên các đơn vị, cách nhau bằng dấu chấm phẩy; nhập thêm chứ không bớt.",
        elsewhere=MEMBER_UNITS,
        width=40,
    ),
    Field(
        name="member_bodies",
        label="Cơ quan cùng tham gia",
        kind=Kind.SEVERAL,
        synonyms=("Lực lượng tham gia", "Cơ quan phối hợp", "Địa bàn tham gia"),
        help="Tên cơ quan, địa bàn trong ngoặc: “Công an phường Mẫu (Phường Mẫu)”; cách nhau bằng dấu chấm phẩy.",
        elsewhere=MEMBER_BODIES,
        width=40,
    ),
    Field(
        name="launched_on",
        label="Ngày ra mắt",
        column="launched_on",
        synonyms=(
            "Ra mắt",
            "Hoạt động từ ngày",
            "Thời gian ra mắt",
            "Thời gian thành lập",
            "Ngày thành lập",
            "Năm thành lập",
        ),
        help="Có ngày ra mắt là mô hình đang hoạt động.",
        kind=Kind.DATE,
        merge=Merge.KEEP,
    ),
    Field(
        name="status",
        label="Tình trạng",
        kind=Kind.CHOICE,
        column="status",
        synonyms=("Trạng thái", "Tình trạng hoạt động"),
        choices=STATES,
        merge=Merge.KEEP,
    ),
    Field(
        name="merged_into",
        label="Sáp nhập vào",
        kind=Kind.RELATION,
        column="merged_into",
        synonyms=("Mô hình nhận", "Mô hình nhận sáp nhập", "Nhập vào mô hình", "Sáp nhập với"),
        help=f"Khi mô hình đã sáp nhập: mã, tên, hoặc tên và nơi chủ trì của mô hình nhận ({EXAMPLE_OF_NAME}).",
        relation=dataclasses.replace(OTHER_MODEL, is_needed=True),
        merge=Merge.KEEP,
        width=30,
    ),
    Field(name="called", label="Tên và nơi chủ trì", hidden=True, elsewhere=CALLED),
    Field(
        name="ended_on",
        label="Ngày kết thúc",
        column="ended_on",
        synonyms=("Ngày giải thể", "Ngày thanh loại", "Ngày sáp nhập"),
        kind=Kind.DATE,
        merge=Merge.KEEP,
    ),
    Field(
        name="status_on", label="Tình trạng từ ngày", column="status_on", hidden=True, kind=Kind.DATE, merge=Merge.KEEP
    ),
    Field(
        name="group_count",
        label="Số tổ",
        kind=Kind.INTEGER,
        synonyms=("Tổ", "Tổng số tổ"),
        minimum=0,
        maximum=2_147_483_647,
        elsewhere=GROUPS,
    ),
    Field(
        name="member_count",
        label="Số thành viên",
        kind=Kind.INTEGER,
        synonyms=("Thành viên", "Tổng số thành viên", "Số lượng thành viên", "Số người tham gia mô hình"),
        help="Số người, không phải lượt người.",
        minimum=0,
        maximum=2_147_483_647,
        elsewhere=MEMBERS,
    ),
    Field(
        name="counted_on",
        label="Ngày thống kê",
        kind=Kind.DATE,
        synonyms=("Số liệu đến ngày",),
        help="Ngày của số tổ, số thành viên; để trống là hôm nay.",
        elsewhere=COUNTED,
    ),
    Field(name="year", label="Năm", kind=Kind.YEAR, exported=False, help="Năm của cột xếp loại."),
    Field(
        name="grade",
        label="Xếp loại",
        kind=Kind.CHOICE,
        column="grade",
        synonyms=("Kết quả xếp loại", "Phân loại", "Kết quả hoạt động", "Hiệu quả", "Hiệu quả hoạt động", "Đánh giá"),
        choices=GRADES,
        child=Child(model=ModelRating, parent="model", key="year"),
    ),
)


def _model_fields() -> tuple[Field, ...]:
    """The fields of a model, in the order in which lists have them."""
    plain = model_sheet(
        SelfManagedModel,
        name="models",
        keys=[],
        lookups={"lead_unit": BY_UNIT, "kind": (BY_NAME,)},
        synonyms={
            "kind": ("Loại", "Loại hình mô hình", "Tên loại mô hình"),
            "name": ("Mô hình", "Tên gọi mô hình", "Tên điểm"),
            "lead_unit": (
                "Chủ trì",
                "Nơi chủ trì",
                "Đơn vị thực hiện",
                "Đơn vị/địa bàn",
                "Mã đơn vị chủ trì",
                *UNIT_NAMES,
            ),
            "lead_body": ("Cơ quan Công an chủ trì",),
            "jurisdiction": ("Xã, phường", "Xã/phường", "Địa bàn xã, phường"),
            "place": ("Địa điểm", "Nơi đặt"),
            "decision_number": ("Số quyết định", "Quyết định thành lập", "Số QĐ"),
            "decision_on": ("Ngày thành lập", "Ngày ký quyết định"),
            "head_name": ("Người phụ trách", "Trưởng ban", "Người đứng đầu mô hình"),
            "head_phone": ("Điện thoại", "Số điện thoại", "SĐT"),
        },
    ).fields
    fields = {each.name: each for each in plain}
    kind = fields["kind"]
    fields["kind"] = dataclasses.replace(
        kind, overflow="note", relation=dataclasses.replace(kind.relation, make=lambda text: ModelKind(name=nfc(text)))
    )
    fields["name"] = dataclasses.replace(fields["name"], required=True)
    fields["replicated_from"] = dataclasses.replace(fields["replicated_from"], relation=OTHER_MODEL)
    note = fields.pop("note")
    return (CODE, *fields.values(), *FIELDS, note)


MODELS = register(
    dataclasses.replace(
        model_sheet(
            SelfManagedModel,
            name="models",
            keys=[],
            area="jurisdiction",
            year="year",
            after_row=(name_after_kind, police_lead, call_by_lead),
            look_up=(look_up_kinds, look_up_homes),
            after_match=(settle_state,),
            after_write=write_what_hangs_on_models,
            permissions=(CHANGE_STATUS,),
            own_only=True,
            list_url="models:model_list",
            order=50,
            issued=lambda models: models.exclude(status__in=ENDED_STATUSES),
            examples=(
                {
                    "kind": "Camera phòng, chống tội phạm",
                    "name": "Camera phòng, chống tội phạm",
                    "lead_unit": "Trường THCS Mẫu",
                    "launched_on": "01/03/2026",
                    "group_count": 2,
                    "member_count": 25,
                    "head_name": "Nguyễn Văn Mẫu",
                },
                {
                    "kind": "Cụm liên kết đảm bảo ANTT",
                    "name": "Cụm liên kết đảm bảo ANTT",
                    "lead_body": "Công an phường Mẫu",
                    "member_units": "Siêu thị Mẫu; Trường THPT Mẫu",
                    "launched_on": "15/05/2026",
                },
            ),
        ),
        fields=_model_fields(),
        keys=(("code",), ("lead_unit", "name"), ("lead_body", "name", "jurisdiction")),
    )
)
