"""Who looked at a whole number or took personal data out, when and why."""

from django.conf import settings
from django.db import models

from movement_portal.audit.models import AppendOnlyModel, AppendOnlyQuerySet, AuditEvent
from movement_portal.jurisdictions.scoping import path_range


class PersonalReadQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """Readings of persons in the officer's area or below it."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.filter(path_range(user.jurisdiction.path, "path"))

    def of(self, record):
        """Readings of one person's record."""
        return self.filter(model=record._meta.label_lower, object_id=record.pk)


class PersonalRead(AppendOnlyModel):
    """One reading of what is masked elsewhere; written before it is shown, never changed."""

    event = models.ForeignKey(AuditEvent, models.PROTECT, verbose_name="lần thao tác", related_name="+")
    at = models.DateTimeField("lúc", db_index=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", related_name="+")
    officer_name = models.CharField("tên cán bộ", max_length=100)
    office_name = models.CharField("tên cơ quan", max_length=200, blank=True)
    model = models.CharField("loại bản ghi", max_length=60)
    object_id = models.BigIntegerField("số bản ghi")
    label = models.CharField("người được xem", max_length=255)
    what = models.CharField("nội dung", max_length=100)
    reason = models.CharField("lý do", max_length=300)
    #: Path of the area of the person's record.
    path = models.CharField(max_length=60, db_index=True)

    objects = PersonalReadQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt xem dữ liệu cá nhân"
        verbose_name_plural = "lượt xem dữ liệu cá nhân"
        ordering = ["-at", "-id"]
        indexes = [models.Index(name="personalread_of_record", fields=["model", "object_id", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="personalread_has_reason",
                condition=~models.Q(reason=""),
                violation_error_message="Phải ghi lý do xem.",
            ),
        ]

    def __str__(self):
        return f"{self.what}: {self.label}"
