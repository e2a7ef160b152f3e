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
