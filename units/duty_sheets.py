"""Lists of commitments, agreements, inspections, incidents and ratings as offices send them."""

from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Lookup
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register
from units.force_sheets import BY_UNIT, UNIT_NAMES
from units.models import AgreementParty, Commitment, CoordinationAgreement, Incident, Inspection, PartRating
from units.person_words import NO_NUMBERS, names_in, numbers_in

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

AGREEMENTS = register(
    model_sheet(
        CoordinationAgreement,
        name="agreements",
        keys=[("number", "signed_on")],
        synonyms={
            "kind": ("Loại", "Hình thức văn bản"),
            "number": ("Số văn bản", "Số hiệu", "Số quy chế"),
            "title": ("Nội dung", "Tên văn bản", "Tên quy chế, chương trình"),
            "signed_on": ("Ngày ký kết", "Ngày ban hành"),
            "valid_to": ("Ngày hết hạn", "Hết hiệu lực"),
            "police_body": ("Công an", "Đơn vị Công an"),
        },
        list_url="duties:agreement_list",
    )
)
PARTIES = register(
    model_sheet(
        AgreementParty,
        name="agreement-parties",
        label="bên ký văn bản phối hợp",
        keys=[("agreement", "unit", "body")],
        lookups={"agreement": (Lookup("number"), Lookup("title")), "unit": BY_UNIT},
        synonyms={
            "agreement": ("Số văn bản", "Số, ký hiệu", "Văn bản"),
            "unit": UNIT_NAMES,
            "body": ("Cơ quan ký", "Bên ký", "Tên cơ quan"),
        },
        # An area as a party is chosen on the agreement's page.
        leave_out=["jurisdiction"],
        list_url="duties:agreement_list",
    )
)
INSPECTIONS = register(
    model_sheet(
        Inspection,
        name="inspections",
        label="kiểm tra, hướng dẫn",
        keys=[("unit", "inspected_on", "content")],
        lookups={"unit": BY_UNIT},
        synonyms={
            "unit": UNIT_NAMES,
            "inspected_on": ("Ngày", "Thời gian kiểm tra"),
            "team": ("Đoàn kiểm tra", "Tổ kiểm tra", "Đơn vị kiểm tra"),
            "content": ("Nội dung",),
            "findings": ("Kết quả", "Tồn tại", "Tồn tại, hạn chế", "Kiến nghị"),
            "deadline": ("Thời hạn khắc phục", "Hạn"),
            "fixed_on": ("Ngày khắc phục", "Đã khắc phục"),
        },
        list_url="duties:inspection_list",
    )
)


def refuse_persons(draft: Draft) -> None:
    """Incidents are counts: a number of a paper of a person is refused, what reads as a name is told."""
    summary = draft.get("summary") or ""
    if numbers_in(summary):
        draft.refuse("summary", NO_NUMBERS, "Tóm tắt có số giấy tờ", value="")
        draft.values.pop("summary", None)
    elif names := names_in(summary):
        draft.notice("summary", f"Có thể là tên người: “{names[0]}”. Tóm tắt không ghi tên người, hãy xem lại.")


INCIDENTS = register(
    model_sheet(
        Incident,
        name="incidents",
        keys=[("unit", "occurred_on", "kind")],
        lookups={"unit": BY_UNIT},
        synonyms={
            "unit": UNIT_NAMES,
            "occurred_on": ("Ngày", "Thời gian xảy ra", "Thời gian"),
            "kind": ("Loại", "Mã", "Loại việc", "Tiêu chí"),
            "incident_count": ("Số lượng", "Số vụ việc"),
            "found_in_time": ("Phát hiện kịp thời", "Kịp thời báo cáo"),
            "reported_on": ("Ngày báo cáo",),
            "summary": ("Nội dung", "Diễn biến", "Nội dung vụ việc"),
        },
        after_row=(refuse_persons,),
        list_url="duties:incident_list",
    )
)
RATINGS = register(
    model_sheet(
        PartRating,
        name="part-ratings",
        keys=[("unit", "year", "kind")],
        lookups={"unit": BY_UNIT},
        synonyms={
            "unit": UNIT_NAMES,
            "kind": ("Loại đầu mối",),
            "total_count": ("Tổng số", "Số phòng, ban"),
            "good_count": ("Số đạt", "Đạt", "Số đầu mối đạt"),
            "disciplined_count": ("Kỷ luật", "Số người bị kỷ luật"),
        },
        list_url="duties:rating_list",
    )
)
