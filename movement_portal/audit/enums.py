from django.db import models


class EventKind(models.TextChoices):
    EDIT = "edit", "Thao tác"
    BULK = "bulk", "Thao tác hàng loạt"
    IMPORT = "import", "Nhập từ bảng"
    COMMAND = "command", "Lệnh"
    SYSTEM = "system", "Hệ thống"


class ChangeAction(models.TextChoices):
    CREATE = "create", "Thêm"
    UPDATE = "update", "Sửa"
    DELETE = "delete", "Xóa"
