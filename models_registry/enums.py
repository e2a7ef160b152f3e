from django.db import models


class ModelTheme(models.TextChoices):
    """What a model is about (domain: classes in use)."""

    CRIME = "crime", "Phòng, chống tội phạm"
    DRUGS = "drugs", "Phòng, chống ma túy"
    SCHOOL_VIOLENCE = "school_violence", "Phòng, chống bạo lực học đường"
    TRAFFIC = "traffic", "Trật tự, an toàn giao thông"
    FIRE = "fire", "Phòng cháy, chữa cháy"
    WORKERS = "workers", "An ninh công nhân, phòng ngừa đình công"
    SECRETS = "secrets", "Bảo vệ bí mật, an ninh mạng"
    CAMERA = "camera", "Camera an ninh"
    ENVIRONMENT = "environment", "Môi trường"
    MOBILISATION = "mobilisation", "Dân vận khéo"
    GENERAL = "general", "An ninh, trật tự nói chung"


class ModelPlace(models.TextChoices):
    """Where models of a kind run."""

    AGENCY = "agency", "Cơ quan"
    ENTERPRISE = "enterprise", "Doanh nghiệp, khu công nghiệp"
    SCHOOL = "school", "Nhà trường"
    HOSPITAL = "hospital", "Bệnh viện"
    CLUSTER = "cluster", "Liên kết nhiều bên"
    RESIDENTIAL = "residential", "Khu dân cư"
    ANY = "any", "Mọi nơi"


class ModelStatus(models.TextChoices):
    """Where a model stands in its life (domain: lifecycle of a model)."""

    PROPOSED = "proposed", "Đề xuất"
    APPROVED = "approved", "Đã phê duyệt"
    ACTIVE = "active", "Đang hoạt động"
    RETIRED = "retired", "Thanh loại"
    DISSOLVED = "dissolved", "Giải thể"
    MERGED = "merged", "Sáp nhập"


#: A model in one of these has ended.
ENDED_STATUSES = (ModelStatus.RETIRED, ModelStatus.DISSOLVED, ModelStatus.MERGED)


class ModelStepKind(models.TextChoices):
    """What was done with a model on a day."""

    PROPOSE = "propose", "Đề xuất"
    APPROVE = "approve", "Phê duyệt, thành lập"
    LAUNCH = "launch", "Ra mắt"
    STRENGTHEN = "strengthen", "Củng cố"
    REPLICATE = "replicate", "Nhân rộng"
    RETIRE = "retire", "Thanh loại"
    DISSOLVE = "dissolve", "Giải thể"
    MERGE = "merge", "Sáp nhập"
    RESTORE = "restore", "Khôi phục"


class MemberRole(models.TextChoices):
    """What a member unit or body does in a model beside the one that leads it."""

    MEMBER = "member", "Thành viên"
    PARTNER = "partner", "Phối hợp"
    GUIDE = "guide", "Hướng dẫn, quản lý"


class ModelGrade(models.TextChoices):
    """Yearly rating of a model, in the words offices use; no law names the grades."""

    EFFECTIVE = "effective", "Hiệu quả"
    AVERAGE = "average", "Trung bình"
    WEAK = "weak", "Yếu"


class RecognitionLevel(models.TextChoices):
    """Who recognised a model as an advanced example."""

    COMMUNE = "commune", "Cấp xã"
    DISTRICT = "district", "Cấp huyện (trước 01/7/2025)"
    PROVINCE = "province", "Cấp tỉnh"
    MINISTRY = "ministry", "Bộ Công an"
