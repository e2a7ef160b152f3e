from django.db import models


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", "Đã tải lên"
    READ = "read", "Đã đọc, chờ ghép cột"
    CHECKED = "checked", "Đã kiểm tra, chờ ghi"
    COMMITTED = "committed", "Đã ghi vào sổ"
    CANCELLED = "cancelled", "Đã hủy"
    FAILED = "failed", "Không đọc được"
    #: A step runs in the background; its job says which, and nothing of the batch can be changed.
    RUNNING = "running", "Đang chạy nền"
    UNDONE = "undone", "Đã hoàn tác"
    PARTLY_UNDONE = "partly_undone", "Đã hoàn tác một phần"


class JobStep(models.TextChoices):
    """A step of an import that may run in the background."""

    READ = "read", "Đọc tệp"
    CHECK = "check", "Kiểm tra"
    COMMIT = "commit", "Ghi vào sổ"
    WEIGH = "weigh", "Tính trước hoàn tác"
    UNDO = "undo", "Hoàn tác"


class JobState(models.TextChoices):
    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Xong"
    FAILED = "failed", "Không xong"
    CANCELLED = "cancelled", "Đã dừng"


class RowOutcome(models.TextChoices):
    NEW = "new", "Thêm mới"
    CHANGED = "changed", "Thay đổi"
    SAME = "same", "Không đổi"
    REFUSED = "refused", "Bị từ chối"
    #: Like a record of the register, and nobody has said yet whether it is the same.
    UNDECIDED = "undecided", "Chờ quyết định"
    #: A cell was changed in the returned workbook and in the register, and nobody has said yet which is right.
    ASKED = "asked", "Cần trả lời"
    #: An officer keeps the row out of the register.
    LEFT_OUT = "left_out", "Để ngoài"
    SKIPPED = "skipped", "Bỏ qua"


class CommitMode(models.TextChoices):
    """What becomes of a list in which some rows are refused."""

    ALL_OR_NOTHING = "all_or_nothing", "Chỉ ghi khi mọi dòng hợp lệ"
    GOOD_ROWS = "good_rows", "Ghi các dòng hợp lệ, để lại các dòng bị từ chối"


class ExistingMode(models.TextChoices):
    """What a row does to the record that it finds in the register."""

    UPDATE = "update", "Cập nhật theo danh sách"
    FILL = "fill", "Chỉ điền vào chỗ còn trống"
    SKIP = "skip", "Giữ nguyên, chỉ thêm dòng mới"


class FixAction(models.TextChoices):
    """What an officer does about a fault that many rows share."""

    TEXT = "text", "Ghi là"
    AREA = "area", "Là địa bàn"
    EMPTY = "empty", "Để trống ô"
    LEAVE_OUT = "leave_out", "Để các dòng này ra ngoài"


class Decision(models.TextChoices):
    """What an officer says of one row: whether it is the record it looks like, or that it stays out."""

    SAME = "same", "Cùng một đơn vị"
    DIFFERENT = "different", "Khác nhau"
    SKIP = "skip", "Để ngoài"


class Answer(models.TextChoices):
    """Which is right where a returned workbook and the register both changed a cell."""

    FILE = "file", "Lấy theo tệp"
    REGISTER = "register", "Giữ của sổ"
