"""Lists of kinds of models, and of what belongs to a model: activities, ratings, members, groups, recognitions."""

from collections.abc import Sequence

from models_registry.models import (
    ModelGroup,
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    ModelStrength,
)
from models_registry.sheets.models import BY_MODEL, MODEL_NAMES
from models_registry.workflow import log_changed
from movement_portal.spreadsheets.fields import Lookup
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import Sheet, Written, register
from units.sheets.unit_records import BY_UNIT


def follow_log(written: Sequence[Written], officer) -> None:
    """The last day of activity follows the log."""
    log_changed(sorted({each.record.model_id for each in written}))


def register_of_model(
    model, *, lookups: dict[str, Sequence[Lookup]] | None = None, synonyms: dict | None = None, **options
) -> Sheet:
    """Make the list of what belongs to models known; its rows name their model by code or name."""
    return register(
        model_sheet(
            model,
            lookups={"model": BY_MODEL, **(lookups or {})},
            synonyms={"model": MODEL_NAMES, **(synonyms or {})},
            order=70,
            **options,
        )
    )


MODEL_KINDS = register(
    model_sheet(ModelKind, name="model-kinds", keys=[("name",)], list_url="models:kind_list", order=60)
)
LOG = register_of_model(
    ModelLogEntry,
    name="model-log",
    label="hoạt động của mô hình",
    keys=[("model", "held_on", "content")],
    synonyms={
        "held_on": ("Ngày tổ chức", "Thời gian", "Ngày hoạt động"),
        "content": ("Nội dung", "Nội dung hoạt động", "Kết quả"),
        "participation_count": ("Lượt người", "Số lượt người", "Số lượt người tham gia"),
    },
    after_write=follow_log,
    list_url="models:log_list",
)
RATINGS = register_of_model(
    ModelRating,
    name="model-ratings",
    label="xếp loại mô hình theo năm",
    keys=[("model", "year")],
)
MEMBERSHIPS = register_of_model(
    ModelMember,
    name="model-members",
    label="đơn vị, cơ quan tham gia mô hình",
    keys=[("unit", "model", "valid_from"), ("body", "model", "jurisdiction", "valid_from")],
    area="",
    own_only=True,
    lookups={"unit": BY_UNIT},
    synonyms={"unit": ("Đơn vị tham gia", "Mã đơn vị", "Tên đơn vị")},
)
GROUP_ROWS = register_of_model(ModelGroup, name="model-groups", label="tổ của mô hình", keys=[("model", "name")])
STRENGTHS = register_of_model(
    ModelStrength, name="model-strengths", label="số tổ, số thành viên theo ngày", keys=[("model", "counted_on")]
)
RECOGNITIONS = register_of_model(
    ModelRecognition,
    name="model-recognitions",
    label="mô hình được công nhận điển hình",
    keys=[("model", "level", "decision_number")],
)
