"""Lists of commitments, agreements, inspections, incidents and ratings as offices send them."""

from movement_portal.spreadsheets.fields import Lookup
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register
from units.force_sheets import BY_UNIT, UNIT_NAMES
from units.models import Commitment

#: How a list names a legal document in a cell.
BY_DOCUMENT = (Lookup("number"), Lookup("title"))

COMMITMENTS = register(
    model_sheet(
        Commitment,
        name="commitments",
        label="cam kết, giao ước",
        keys=[("unit", "year", "kind", "content")],
        lookups={"unit": BY_UNIT, "legal_document": BY_DOCUMENT},
        synonyms={
            "unit": UNIT_NAMES,
            "kind": ("Loại cam kết", "Hình thức ký"),
            "content": ("Nội dung cam kết", "Nội dung ký"),
            "signed_count": ("Số người đã ký", "Đã ký", "Số người ký cam kết", "Số CB, CNV ký"),
            "total_count": ("Tổng số", "Tổng số người", "Tổng số CB, CNV, NLĐ", "Trên tổng số"),
            "signed_on": ("Ngày ký kết", "Thời gian ký"),
            "legal_document": ("Văn bản", "Theo văn bản", "Chỉ thị, kế hoạch"),
        },
        list_url="duties:commitment_list",
    )
)
