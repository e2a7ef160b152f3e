from django.db import models

from movement_portal.lib import acts


class EventKind(models.TextChoices):
    EDIT = "edit", "Thao tác"
    BULK = "bulk", "Thao tác hàng loạt"
    IMPORT = "import", "Nhập từ bảng"
    EXPORT = "export", "Xuất ra tệp"
    COMMAND = acts.COMMAND, "Lệnh"
    SYSTEM = "system", "Hệ thống"


class ChangeAction(models.TextChoices):
    CREATE = "create", "Thêm"
    UPDATE = "update", "Sửa"
    DELETE = "delete", "Xóa"
