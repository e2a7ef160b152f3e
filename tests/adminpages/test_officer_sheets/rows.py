"""Lists of officers as tests send them."""

from movement_portal.jurisdictions.enums import Function
from tests.accounts.conftest import administrator
from tests.factories import PoliceOfficeFactory
from tests.spreadsheets.lists import Place

PASSWORD = "Bi-mat-2026-khong-giu"
HEADER = ["Tên đăng nhập", "Họ và tên", "Cấp bậc, chức vụ", "Điện thoại", "Cơ quan", "Chức năng", "Từ ngày", "Đến ngày"]


class Offices(Place):
    """The place, with an account administrator of the province who may hand on four functions."""

    def __init__(self):
        super().__init__()
        self.ward_office = self.ward.police_offices.get()
        self.far_office = PoliceOfficeFactory(jurisdiction=self.far)
        grants = [Function.ENTER, Function.DECIDE, Function.READ, Function.MANAGE_ACCOUNTS]
        self.admin = administrator(self.province, grants=grants)

    def row(self, username="le.mau", name="Lê Thị Mẫu", function="Nhập liệu", office=None, **cells):
        office = str(office or self.ward_office)
        told = {"title": "Thượng úy", "phone": "", "start": "01/07/2025", "end": "", **cells}
        return [username, name, told["title"], told["phone"], office, function, told["start"], told["end"]]

    def check_rows(self, *rows, header=HEADER):
        return self.checked(header, *rows, sheet="officers", by=self.admin)

    def write_rows(self, *rows, header=HEADER):
        return self.committed(header, *rows, sheet="officers", by=self.admin)

    def outcomes(self, *rows, header=HEADER):
        batch = self.check_rows(*rows, header=header)
        return [row.outcome for row in batch.rows.order_by("id")]

    def reason(self, *rows, header=HEADER):
        """Why the last of the rows is refused."""
        batch = self.check_rows(*rows, header=header)
        return " ".join(problem["reason"] for problem in batch.rows.order_by("-id").first().problems)
