from django.db import models


class CriterionKind(models.TextChoices):
    """How a criterion is met; the law gives no score (Thông tư 124/2021, Điều 6, 7)."""

    MUST = "must", "Phải có"
    NEVER = "never", "Không để xảy ra"
    SHARE = "share", "Đạt tỷ lệ"


class CriterionCondition(models.TextChoices):
    """Facts on which a criterion applies at all; where they do not hold it is “không áp dụng” and never blocks."""

    PARTY = "has_party_org", "Có tổ chức Đảng"
    COORDINATION = "has_coordination_document", "Có quy chế, chương trình, kế hoạch phối hợp"
    TITLES = "entitled_to_titles", "Thuộc diện xét danh hiệu, xếp loại"
    GUARDS = "has_guard_force", "Có lực lượng bảo vệ"
    GENERAL_EDUCATION = "general_education", "Là cơ sở giáo dục phổ thông"
