from django.db import models


class AwardLevel(models.TextChoices):
    """The level at which reports count an award."""

    STATE = "state", "Nhà nước"
    MINISTRY = "ministry", "Bộ"
    PROVINCE = "province", "Tỉnh"
    GRASSROOTS = "grassroots", "Cơ sở"


class AwardRecipient(models.TextChoices):
    BOTH = "both", "Tập thể và cá nhân"
    COLLECTIVE = "collective", "Tập thể"
    PERSON = "person", "Cá nhân"
