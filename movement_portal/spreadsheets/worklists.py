"""What imports ask of an officer."""

from django.urls import reverse

from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import Work, register
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.notices import unseen

#: States in which a list still waits for its officer.
WAITING = (BatchState.UPLOADED, BatchState.READ, BatchState.CHECKED)


def register_work() -> None:
    """Put the imports' line on the first page."""
    register("spreadsheets", _work, order=20)


def _work(user: Officer):
    if not user.has_perm("spreadsheets.import_sheet"):
        return
    waiting = list(
        ImportBatch.objects.visible_to(user).filter(officer=user, state__in=WAITING).values_list("pk", flat=True)
    )
    only_one = len(waiting) == 1
    ended = unseen(user)
    yield Work(
        "Lần nhập chạy nền đã xong",
        len(ended),
        ended[0].url if len(ended) == 1 else reverse("spreadsheets:import_list"),
        "bell-fill",
        ended[0].text if len(ended) == 1 else "Mở từng lần nhập để xem kết quả.",
        is_due=True,
    )
    yield Work(
        "Danh sách tải lên chưa ghi vào sổ",
        len(waiting),
        reverse("spreadsheets:import_detail", args=waiting) if only_one else reverse("spreadsheets:import_list"),
        "file-earmark-arrow-up",
        "Ghép cột, xem kết quả kiểm tra rồi ghi, hoặc hủy.",
        is_due=True,
    )
