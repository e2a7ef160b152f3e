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


class HoldingSubject(models.TextChoices):
    """Personal data that are held for a time."""

    GUARD_NUMBER = "guard_number", "Số định danh của người bảo vệ đã thôi làm"
    GUARD = "guard", "Người bảo vệ đã thôi làm"
    TEAM_LEADER = "team_leader", "Người phụ trách lực lượng bảo vệ đã thôi"
    UNIT_PERSON = "unit_person", "Người đứng đầu, đầu mối của đơn vị đã thôi"
    MODEL_HEAD = "model_head", "Trưởng mô hình, tổ trưởng đã thôi"
    IMPORTED_ROWS = "imported_rows", "Nội dung các dòng đã nhập từ Excel"


class Approximation(models.TextChoices):
    """How exact a number of people is, in the words of reports; empty is exact."""

    NEARLY = "nearly", "gần"
    ABOUT = "about", "khoảng"
    OVER = "over", "trên"


class ActivityKind(models.TextChoices):
    """What an activity of the movement is (domain: propaganda, training, inspection and guidance)."""

    PROPAGANDA = "propaganda", "Tuyên truyền"
    CONFERENCE = "conference", "Hội nghị"
    TRAINING = "training", "Tập huấn"
    FESTIVAL = "festival", "Ngày hội Toàn dân bảo vệ ANTQ"
    DRILL = "drill", "Diễn tập"
    DIALOGUE = "dialogue", "Đối thoại"
    GUIDANCE = "guidance", "Kiểm tra, hướng dẫn"


class CommitmentKind(models.TextChoices):
    """How a unit and its people bound themselves."""

    COMMITMENT = "commitment", "Ký cam kết"
    COVENANT = "covenant", "Ký giao ước thi đua"


class AgreementKind(models.TextChoices):
    """Papers of coordination with the police."""

    REGULATION = "regulation", "Quy chế phối hợp"
    PROGRAMME = "programme", "Chương trình phối hợp"
    PLAN = "plan", "Kế hoạch phối hợp"


class IncidentKind(models.TextChoices):
    """Items of Thông tư 124/2021/TT-BCA Đ6.3 and Đ7.3 by their letter, and school violence (Đ7, item 4.1)."""

    A = "3a", "3a. Tuyên truyền, phát triển tín ngưỡng, tôn giáo trái pháp luật"
    B = "3b", "3b. Lợi dụng tín ngưỡng, tôn giáo, dân tộc, tranh chấp, khiếu kiện gây phức tạp"
    C = "3c", "3c. Kích động, lôi kéo khiếu nại đông người, gây rối; chống Nhà nước"
    D = "3d", "3d. Đình công, lãn công trái pháp luật"
    DD = "3đ", "3đ. Tội phạm nghiêm trọng trở lên"
    E = "3e", "3e. Vi phạm quy định bảo vệ bí mật nhà nước"
    G = "3g", "3g. Cháy, nổ, tai nạn lao động chết người, sự cố, vi phạm môi trường, ATTP nghiêm trọng"
    H = "3h", "3h. Người của đơn vị bị phạt hành chính về ANTT, mắc tệ nạn xã hội bị kỷ luật cảnh cáo trở lên"
    SCHOOL_VIOLENCE = "school_violence", "Bạo lực học đường"


class IncidentConclusion(models.TextChoices):
    OPEN = "open", "Chưa kết luận"
    CONFIRMED = "confirmed", "Có xảy ra"
    REJECTED = "rejected", "Không xảy ra"


class PartKind(models.TextChoices):
    """Parts of a unit that are rated by themselves."""

    DEPARTMENT = "department", "Phòng, ban, tổ, đội, khoa"
    GUARD_FORCE = "guard_force", "Lực lượng bảo vệ"


class PairState(models.TextChoices):
    OPEN = "open", "Chờ xem xét"
    DISMISSED = "dismissed", "Không phải trùng"
    MERGED = "merged", "Đã gộp"


class PairReason(models.TextChoices):
    """Why two units may be one."""

    CODE = "code", "cùng mã số"
    NAME = "name", "tên giống nhau"
    ADDRESS = "address", "cùng địa chỉ"
    PHONE = "phone", "cùng điện thoại"


class TransferState(models.TextChoices):
    PENDING = "pending", "Chờ trả lời"
    ACCEPTED = "accepted", "Đã đồng ý"
    REFUSED = "refused", "Không đồng ý"
    WITHDRAWN = "withdrawn", "Đã rút"
    EXPIRED = "expired", "Hết hạn"
