"""What the register asks of an officer."""

from django.urls import reverse

from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import Work, register
from units.models import DuplicatePair, Unit
from units.profile import incomplete

#: Counting stops here: the page says “hơn 10.000”.
CAP = 10_001


def register_work() -> None:
    """Put the register's lines on the first page."""
    register("units", _work, order=10)


def _work(user: Officer):
    if not user.has_perm("units.change_unit"):
        return
    units = Unit.objects.visible_to(user)
    yield Work(
        "Đơn vị cần xác định địa bàn",
        units.filter(area_needs_review=True)[:CAP].count(),
        reverse("units:area_worklist"),
        "geo-alt",
        "Chọn xã, phường đúng cho từng đơn vị.",
        is_due=True,
    )
    yield Work(
        "Đơn vị còn thiếu thông tin",
        units.open().filter(incomplete())[:CAP].count(),
        reverse("units:unit_incomplete"),
        "clipboard-x",
        "Bổ sung người đứng đầu, điện thoại, quy mô, cấp học…",
    )
    if user.has_perm("units.change_duplicatepair"):
        yield Work(
            "Cặp đơn vị nghi trùng",
            DuplicatePair.objects.visible_to(user).waiting()[:CAP].count(),
            reverse("duplicates:pair_list"),
            "intersect",
            "Xem từng cặp: gộp, hoặc ghi không phải trùng.",
        )
