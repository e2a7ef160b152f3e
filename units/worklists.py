"""What the register asks of an officer."""

import datetime
from collections.abc import Iterator

from django.urls import reverse

from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import Work, register, waiting
from movement_portal.lib.dates import today
from units.enums import TransferState
from units.models import DuplicatePair, TransferRequest, Unit
from units.profile.units import incomplete

#: Days for which an answer is told.
ANSWER_DAYS = 7


def register_work() -> None:
    """Put the register's lines on the first page."""
    register("units", _work, order=10)


def _work(user: Officer) -> Iterator[Work]:
    if user.has_perm("units.change_unit"):
        yield from _units(user)
        yield from _doubles(user)


def _units(user: Officer) -> Iterator[Work]:
    units = Unit.objects.visible_to(user)
    yield Work(
        "Đơn vị cần xác định địa bàn",
        waiting(units.filter(area_needs_review=True)),
        reverse("units:area_worklist"),
        "geo-alt",
        "Chọn xã, phường đúng cho từng đơn vị.",
        is_due=True,
    )
    yield Work(
        "Đơn vị còn thiếu thông tin",
        waiting(units.open().filter(incomplete())),
        reverse("units:unit_incomplete"),
        "clipboard-x",
        "Bổ sung người đứng đầu, điện thoại, quy mô, cấp học…",
    )


def _doubles(user: Officer) -> Iterator[Work]:
    if user.has_perm("units.change_duplicatepair"):
        yield Work(
            "Cặp đơn vị nghi trùng",
            waiting(DuplicatePair.objects.visible_to(user).waiting()),
            reverse("duplicates:pair_list"),
            "intersect",
            "Xem từng cặp: gộp, hoặc ghi không phải trùng.",
        )
    if user.has_perm("units.decide_transferrequest"):
        yield Work(
            "Đề nghị chuyển đơn vị chờ trả lời",
            waiting(TransferRequest.objects.visible_to(user).pending().exclude(requested_by=user)),
            reverse("duplicates:transfer_list"),
            "arrow-left-right",
            "Nơi khác đề nghị nhận đơn vị đồng chí đang quản lý.",
            is_due=True,
        )
    if user.has_perm("units.add_transferrequest"):
        lately = today() - datetime.timedelta(days=ANSWER_DAYS)
        answered = TransferRequest.objects.sent_by(user).filter(
            requested_by=user, state__in=(TransferState.ACCEPTED, TransferState.REFUSED), decided_on__gte=lately
        )
        yield Work(
            "Đề nghị chuyển đơn vị đã có trả lời",
            waiting(answered),
            reverse("duplicates:sent_list"),
            "reply",
            "Trong 7 ngày qua.",
        )
