"""What the register of models holds on persons: the heads of models and of their groups."""

from collections.abc import Iterable

from django.db.models import Q

from models_registry.enums import ENDED_STATUSES
from models_registry.models import ModelGroup, SelfManagedModel
from movement_portal.lib.vietnamese import fold
from movement_portal.persons.holdings import Holding, Person, facts_of, register
from units.enums import HoldingSubject
from units.retention.holders import Posts, retention
from units.retention.rules import period_in_words
from units.retention.rules import register as register_retention

COLUMNS = ("head_name", "head_phone")


def _heads(folded: str, index: str) -> Iterable[Person]:
    """Heads have no number: they are found by their whole name."""
    if not folded:
        return
    # Names are few beside the country's units, and compared without accents: no column holds them folded.
    for model in SelfManagedModel.objects.exclude(head_name="").order_by("id").iterator(chunk_size=2_000):
        if fold(model.head_name) == folded:
            yield Person(model, model.head_name, facts_of(model, ("name", "head_name", "head_title", "head_phone")))
    groups = ModelGroup.objects.exclude(head_name="").select_related("model").order_by("id")
    for group in groups.iterator(chunk_size=2_000):
        if fold(group.head_name) == folded:
            yield Person(group, group.head_name, facts_of(group, ("model", "name", "head_name", "head_phone")))


def register_heads() -> None:
    """Declare the persons that the register of models holds, and how their data end."""
    register_retention(
        retention(
            HoldingSubject.MODEL_HEAD,
            "khi thôi phụ trách, hoặc mô hình, tổ kết thúc",
            Posts(SelfManagedModel, COLUMNS, lambda before: Q(status__in=ENDED_STATUSES, ended_on__lt=before)),
            Posts(
                ModelGroup,
                COLUMNS,
                lambda before: Q(valid_to__lt=before) | Q(model__status__in=ENDED_STATUSES, model__ended_on__lt=before),
            ),
        )
    )
    register(
        Holding(
            slug="truong-mo-hinh",
            title="Trưởng mô hình, tổ trưởng",
            model=SelfManagedModel,
            held=("Họ tên, chức vụ, điện thoại liên hệ",),
            purpose="Liên hệ với người phụ trách mô hình, tổ tự quản.",
            basis="Thông tư 124/2021/TT-BCA",
            period=lambda: (f"Khi còn phụ trách. Sau khi thôi: {period_in_words(HoldingSubject.MODEL_HEAD)}",),
            not_held=("Số định danh, ngày sinh, địa chỉ nhà", "Danh sách thành viên: chỉ ghi số người"),
            find=_heads,
            named_in=((SelfManagedModel, ("head_name",)), (ModelGroup, ("head_name",))),
            order=30,
        )
    )
