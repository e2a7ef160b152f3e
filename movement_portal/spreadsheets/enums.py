from django.db import models


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", "Đã tải lên"
    READ = "read", "Đã đọc, chờ ghép cột"
    CHECKED = "checked", "Đã kiểm tra, chờ ghi"
    COMMITTED = "committed", "Đã ghi vào sổ"
    CANCELLED = "cancelled", "Đã hủy"
    FAILED = "failed", "Không đọc được"


class RowOutcome(models.TextChoices):
    NEW = "new", "Thêm mới"
    CHANGED = "changed", "Thay đổi"
    SAME = "same", "Không đổi"
    REFUSED = "refused", "Bị từ chối"
    SKIPPED = "skipped", "Bỏ qua"


class CommitMode(models.TextChoices):
    """What becomes of a list in which some rows are refused."""

    ALL_OR_NOTHING = "all_or_nothing", "Chỉ ghi khi mọi dòng hợp lệ"
    GOOD_ROWS = "good_rows", "Ghi các dòng hợp lệ, để lại các dòng bị từ chối"
