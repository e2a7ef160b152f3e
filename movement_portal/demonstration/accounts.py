"""The demonstration accounts: one for every function at province and commune, and one for the whole country."""

from dataclasses import dataclass

from movement_portal.jurisdictions.enums import Function

#: Everybody may know it: it opens only a portal filled with invented data.
PASSWORD = "ThuNghiem-2026"


@dataclass(frozen=True)
class Account:
    """``place`` is country, province, or the number of a commune in the order of names."""

    username: str
    title: str
    place: str | int
    functions: tuple[Function, ...]
    about: str


ACCOUNTS = (
    Account(
        "quantri",
        "Trung tá, Phó Trưởng phòng",
        "province",
        (Function.MANAGE_RECORDS, Function.ENTER, Function.APPRAISE),
        "quản trị nghiệp vụ cấp tỉnh: nhập Excel, danh mục, toàn bộ đơn vị của tỉnh",
    ),
    Account("hethong", "Đại úy", "province", (Function.MANAGE_ACCOUNTS,), "quản trị hệ thống: tài khoản, phân công"),
    Account("thamdinh", "Thiếu tá", "province", (Function.APPRAISE,), "thẩm định cấp tỉnh"),
    Account("lanhdao", "Thượng tá, Trưởng phòng", "province", (Function.DECIDE,), "lãnh đạo phòng cấp tỉnh"),
    Account("xem", "Trung úy", "province", (Function.READ,), "chỉ đọc cấp tỉnh"),
    Account("nhaplieu.tinh", "Thượng úy", "province", (Function.ENTER,), "nhập liệu cấp tỉnh"),
    Account("xa1", "Thiếu tá, Trưởng Công an", 0, (Function.ENTER, Function.DECIDE), "Công an cấp xã thứ nhất"),
    Account("xa1.nhaplieu", "Thượng úy", 0, (Function.ENTER,), "nhập liệu của Công an cấp xã thứ nhất"),
    Account("xa2", "Đại úy", 1, (Function.ENTER,), "Công an cấp xã thứ hai (địa bàn bên cạnh)"),
    Account("xa3", "Đại úy", 2, (Function.READ,), "chỉ đọc của Công an cấp xã thứ ba"),
    Account(
        "toanquoc",
        "Thiếu tá",
        "country",
        (Function.MANAGE_RECORDS, Function.ENTER),
        "quản trị nghiệp vụ toàn quốc: nhập danh sách của nhiều tỉnh",
    ),
)
