from django.db import models

from movement_portal.lib import acts


class EventKind(models.TextChoices):
    EDIT = "edit", "Thao tác"
    BULK = "bulk", "Thao tác hàng loạt"
    IMPORT = "import", "Nhập từ bảng"
    EXPORT = "export", "Xuất ra tệp"
    READ = "read", "Xem dữ liệu cá nhân"
    COMMAND = acts.COMMAND, "Lệnh"
    SYSTEM = "system", "Hệ thống"


class ChangeAction(models.TextChoices):
    CREATE = "create", "Thêm"
    UPDATE = "update", "Sửa"
    DELETE = "delete", "Xóa"
