from django.db import models


class UnitKind(models.TextChoices):
    AGENCY = "agency", "Cơ quan"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    SCHOOL = "school", "Cơ sở giáo dục"


class UnitSubkind(models.TextChoices):
    """Sub-kinds; the part before the underscore-underscore is the kind they belong to."""

    STATE_BODY = "agency__state_body", "Cơ quan hành chính nhà nước"
    PUBLIC_SERVICE = "agency__public_service", "Đơn vị sự nghiệp công lập"
    PARTY_BODY = "agency__party_body", "Cơ quan Đảng"
    MASS_ORGANISATION = "agency__mass_organisation", "Tổ chức chính trị - xã hội"
    ASSOCIATION = "agency__association", "Hội nghề nghiệp"
    HOSPITAL = "agency__hospital", "Bệnh viện, cơ sở y tế công lập"
    OTHER_AGENCY = "agency__other", "Cơ quan khác"
    STATE_ENTERPRISE = "enterprise__state", "Doanh nghiệp nhà nước"
    LIMITED_COMPANY = "enterprise__limited", "Công ty TNHH"
    JOINT_STOCK = "enterprise__joint_stock", "Công ty cổ phần"
    PRIVATE_ENTERPRISE = "enterprise__private", "Doanh nghiệp tư nhân"
    FOREIGN_INVESTED = "enterprise__foreign", "Doanh nghiệp có vốn đầu tư nước ngoài"
    COOPERATIVE = "enterprise__cooperative", "Hợp tác xã"
    BRANCH = "enterprise__branch", "Chi nhánh, văn phòng đại diện"
    OTHER_ENTERPRISE = "enterprise__other", "Doanh nghiệp khác"
    PUBLIC_SCHOOL = "school__public", "Công lập"
    PRIVATE_SCHOOL = "school__private", "Tư thục"
    PEOPLE_FOUNDED_SCHOOL = "school__people_founded", "Dân lập"
    OTHER_SCHOOL = "school__other", "Loại hình khác"


def subkinds_of(kind: str) -> list[str]:
    """Sub-kinds that belong to a kind, in their order."""
    return [subkind.value for subkind in UnitSubkind if subkind.value.startswith(f"{kind}__")]


class SchoolLevel(models.TextChoices):
    NURSERY = "nursery", "Nhà trẻ"
    KINDERGARTEN = "kindergarten", "Mầm non"
    PRIMARY = "primary", "Tiểu học"
    LOWER_SECONDARY = "lower_secondary", "Trung học cơ sở"
    UPPER_SECONDARY = "upper_secondary", "Trung học phổ thông"
    MIXED = "mixed", "Phổ thông có nhiều cấp học"
    CONTINUING = "continuing", "Giáo dục thường xuyên"
    VOCATIONAL = "vocational", "Giáo dục nghề nghiệp"
    COLLEGE = "college", "Cao đẳng"
    UNIVERSITY = "university", "Đại học"
    OTHER = "other", "Cơ sở giáo dục khác"


class EnterpriseSize(models.TextChoices):
    """Nghị định 80/2021/NĐ-CP, Điều 5."""

    MICRO = "micro", "Siêu nhỏ"
    SMALL = "small", "Nhỏ"
    MEDIUM = "medium", "Vừa"
    LARGE = "large", "Lớn"


class BusinessSector(models.TextChoices):
    """The two groups of business lines by which the size of an enterprise is measured."""

    PRODUCTION = "production", "Nông, lâm nghiệp, thủy sản; công nghiệp, xây dựng"
    TRADE = "trade", "Thương mại, dịch vụ"


class UnitStatus(models.TextChoices):
    ACTIVE = "active", "Đang hoạt động"
    SUSPENDED = "suspended", "Tạm ngừng"
    DISSOLVED = "dissolved", "Giải thể"
    MERGED = "merged", "Đã sáp nhập"


class GroupingKind(models.TextChoices):
    SECTOR = "sector", "Ngành, lĩnh vực"
    INDUSTRIAL_PARK = "industrial_park", "Khu, cụm công nghiệp"
    GOVERNING_BODY = "governing_body", "Cơ quan chủ quản"


class Eligibility(models.TextChoices):
    ELIGIBLE = "eligible", "Thuộc đối tượng"
    NOT_ELIGIBLE = "not_eligible", "Không thuộc đối tượng"
    UNKNOWN = "unknown", "Chưa đủ dữ liệu"
