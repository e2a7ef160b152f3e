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


class TeamKind(models.TextChoices):
    """Kinds of guard force; the word “chuyên trách” is of reports, no decree defines it."""

    FULL_TIME = "full_time", "Chuyên trách"
    PART_TIME = "part_time", "Bán chuyên trách"
    #: Nghị định 96/2016: people of a service company, known here as a company and a number.
    HIRED = "hired", "Thuê dịch vụ bảo vệ"


class TeamForm(models.TextChoices):
    """Nghị định 06/2013/NĐ-CP, Điều 12 khoản 1."""

    OFFICE = "office", "Phòng"
    BOARD = "board", "Ban"
    TEAM = "team", "Đội"
    GROUP = "group", "Tổ"


class HiredGround(models.TextChoices):
    """Places of the State that may hire guards for good: Nghị định 06/2013/NĐ-CP, Điều 7 khoản 2."""

    EDUCATION = "education", "Cơ sở giáo dục"
    MEDICAL = "medical", "Cơ sở y tế"
    PRODUCTION = "production", "Sản xuất, kho"
    PORT = "port", "Cảng"
    CULTURE = "culture", "Văn hóa, thể thao"


class StrengthEvent(models.TextChoices):
    """Why a team was counted on a day."""

    COUNTED = "counted", "Kiểm đếm"
    BUILT = "built", "Xây dựng mới"
    STRENGTHENED = "strengthened", "Củng cố, kiện toàn"


class TeamRating(models.TextChoices):
    EXCELLENT = "excellent", "Hoàn thành xuất sắc nhiệm vụ"
    GOOD = "good", "Hoàn thành tốt nhiệm vụ"
    FULFILLED = "fulfilled", "Hoàn thành nhiệm vụ"
    FAILED = "failed", "Không hoàn thành nhiệm vụ"


class Sex(models.TextChoices):
    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class GuardRole(models.TextChoices):
    HEAD = "head", "Trưởng"
    DEPUTY = "deputy", "Phó"
    MEMBER = "member", "Nhân viên"


class GuardKind(models.TextChoices):
    FULL_TIME = "full_time", "Chuyên trách"
    PART_TIME = "part_time", "Bán chuyên trách"


class Education(models.TextChoices):
    PRIMARY = "primary", "Tiểu học"
    LOWER_SECONDARY = "lower_secondary", "THCS"
    UPPER_SECONDARY = "upper_secondary", "THPT"
    VOCATIONAL = "vocational", "Trung cấp"
    COLLEGE = "college", "Cao đẳng"
    UNIVERSITY = "university", "Đại học trở lên"


class FormerForce(models.TextChoices):
    POLICE = "police", "Công an nhân dân"
    ARMY = "army", "Quân đội nhân dân"


class TrainingContent(models.TextChoices):
    """Thông tư 46/2014/TT-BCA, Điều 6: contents a to đ."""

    LAW = "a", "a) Pháp luật, đạo đức nghề nghiệp"
    MEASURES = "b", "b) Biện pháp bảo vệ"
    TOOLS = "c", "c) Công cụ hỗ trợ; chất nổ, chất cháy, chất độc"
    FIRE = "d", "d) Phòng cháy, chữa cháy; sơ cứu"
    OTHER = "dd", "đ) Nội dung khác"


class TrainingResult(models.TextChoices):
    PASSED = "passed", "Đạt"
    FAILED = "failed", "Không đạt"
    UNTESTED = "untested", "Chưa kiểm tra"


class GuardRuleSubject(models.TextChoices):
    """What a rule on guards is about."""

    CERTIFICATE_YEARS = "certificate_years", "số năm giá trị của giấy chứng nhận huấn luyện"
    TRAINING_MONTHS = "training_months", "số tháng không huấn luyện thì nhắc"
    MINIMUM_AGE = "minimum_age", "tuổi tối thiểu của người bảo vệ"
    EDUCATION = "education", "trình độ tối thiểu của người bảo vệ"
    HIRED_BY_STATE = "hired_by_state", "cơ quan nhà nước thuê dịch vụ bảo vệ thường xuyên"
