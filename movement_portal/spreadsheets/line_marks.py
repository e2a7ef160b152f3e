"""What single lines of a list look like: totals, names of groups, notes and signatures."""

import re

from movement_portal.spreadsheets.headers import Line
from movement_portal.spreadsheets.tables import Cell

#: What a line of totals says, in small letters.
TOTAL_LINE = re.compile(
    r"(tổng\s*(cộng|số)?|cộng)\s*([:.(].*)?|tổng cộng\b.*|(tổng số|tổng|cộng) ([ivxlc]+|[a-zđ]|\d{1,3})[.:]?"
    r"|(tổng số|tổng|cộng) (dồn|nhóm|trang|mục|khối|phường|xã|thị trấn|đặc khu|huyện|quận|thị xã|tỉnh|toàn|chung)\b.*"
)
#: How notes and signatures below a list begin, in small letters.
CLOSING_LINE = re.compile(
    r"(người|cán bộ|đơn vị|bộ phận) (lập|tổng hợp|báo cáo|thống kê|viết)\b|lập (bảng|biểu)\b|thủ trưởng\b"
    r"|(phó )?trưởng (công an|phòng|ban|đồn|khoa)\b|(phó )?(giám đốc|hiệu trưởng|chủ tịch|chỉ huy)\b"
    r"|(t/m|t/l|k/t|tm|tl|kt|tuq|tul)\.|ghi chú\s*:|lưu ý\s*:|chú thích|nơi nhận|xác nhận\b|nguồn\s*:|\*"
    r"|\(?\s*ký[ ,)]|\(?\s*bằng chữ\b|(danh sách|bảng) (này|trên|có|gồm)\b|(tổng cộng|cộng|gồm) (có )?\d+|trang \d+"
    r"|\(?(còn tiếp|xem tiếp|tiếp theo|chuyển (sang )?trang|mang sang)\b|(phê )?duyệt\b|ấn định\b|đã ký\b"
    r"|((số )?điện thoại|sđt)( liên hệ)?\s*:|((đại|thượng|trung|thiếu) (tướng|tá|úy|uý)|(thượng|trung|hạ) sĩ)\b"
    r"|(.{0,40}, ?)?ngày\b.{0,12}\btháng\b.{0,12}\bnăm\b"
)
#: A group with its mark: I. A) II
MARKED_GROUP = re.compile(r"([IVXLC]+|[A-ZĐ])(\s*[.):]\s*|\s+[-–/]\s+)[^\W\d]|[IVXLC]{2,}\s+[^\W\d]")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*\s*%?")
#: A row “1.1” inside the group “1”.
NUMBER_INSIDE = re.compile(r"\d+\.\d+\.?$")
#: Marks of the levels below: 1. 1.2. a)
NUMBERED_GROUP = re.compile(r"(\d{1,3}(\.\d{1,3})*\s*[.)/:]|\d{1,3}(\.\d{1,3})+|[a-zđ]\s*[.)])\s*[^\W\d]")
#: After a kind of area: “Huyện đoàn”, “Xã đội” and “Quận ủy” are offices, no areas.
_NO_OFFICE = r"(?! (đội|đoàn|ủy|uỷ)\b)"
#: What groups are called.
KIND_OF_GROUP = re.compile(
    r"(khối|nhóm(?! (trẻ|lớp))|(cấp|bậc) học|loại hình|ngành|lĩnh vực|địa bàn|thị trấn|đặc khu"
    rf"|(phường|xã|quận|huyện){_NO_OFFICE})\b",
    re.IGNORECASE,
)
GROUP_MARK = re.compile(r"[IVXLC]+|[A-ZĐ]|\d{1,3}(\.\d{1,3})+\.?|\d{1,3}[.)]|[a-zđ][.)]")
PLACE = re.compile(
    rf"((phường|xã|quận|huyện|thị xã|thành phố|tỉnh){_NO_OFFICE}"
    r"|thị trấn|đặc khu|khối|cụm|khu vực|địa bàn|nhóm|lĩnh vực|ngành)\b",
    re.IGNORECASE,
)


def is_whole(cell: Cell) -> bool:
    """Whether the cell is a running number; those of text files are text."""
    return type(cell) is int or (isinstance(cell, str) and cell.isdecimal() and len(cell) <= 4)


def is_number(cell: Cell) -> bool:
    """Whether the cell is a number; those of text files are text."""
    return isinstance(cell, int | float) or (isinstance(cell, str) and bool(_NUMBER.fullmatch(cell)))


def first_text(line: Line) -> str:
    """The first text on the line, empty where it has none."""
    return next((cell for cell in line.cells if isinstance(cell, str)), "")
