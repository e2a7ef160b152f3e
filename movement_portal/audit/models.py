"""The history of every record: one event for one act, one change for each row it touched."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from movement_portal.audit.enums import ChangeAction, EventKind
from movement_portal.jurisdictions.models import PoliceOffice
from movement_portal.jurisdictions.scoping import path_range


class AuditEventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Acts of offices in the officer's area or below it."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.filter(path_range(user.jurisdiction.path, "path"))


class AuditEvent(models.Model):
    """One act of one officer (a form saved, an import committed, a command run), whatever number of rows it changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField("lúc", default=timezone.now, db_index=True)
    kind = models.CharField("loại", max_length=10, choices=EventKind)
    label = models.CharField("việc", max_length=200, blank=True)
    reason = models.TextField("lý do", blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", null=True, related_name="+"
    )
    #: As they were called on that day; the officer may be renamed, the office dissolved.
    officer_name = models.CharField("tên cán bộ", max_length=100, blank=True)
    office = models.ForeignKey(PoliceOffice, models.PROTECT, verbose_name="cơ quan", null=True, related_name="+")
    office_name = models.CharField("tên cơ quan", max_length=200, blank=True)
    #: Path of the office's area; empty for an act of the system.
    path = models.CharField(max_length=60, blank=True, db_index=True)
    request_id = models.CharField("mã yêu cầu", max_length=40, blank=True, db_index=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "lần thao tác"
        verbose_name_plural = "nhật ký thao tác"
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.label or self.get_kind_display()


class ChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Changes of rows in the officer's area or below it, and of rows of no area."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.filter(path_range(user.jurisdiction.path, "path") | models.Q(path=""))

    def of(self, record):
        """Changes of one record, the newest first."""
        return self.filter(model=record._meta.label_lower, object_id=record.pk)


class Change(models.Model):
    """One row before and after an act: plain values by column name, only those that differ."""

    event = models.ForeignKey(AuditEvent, models.PROTECT, verbose_name="lần thao tác", related_name="changes")
    model = models.CharField("loại bản ghi", max_length=60)
    object_id = models.BigIntegerField("số bản ghi")
    action = models.CharField("thay đổi", max_length=10, choices=ChangeAction)
    #: Version of the record after the change.
    version = models.PositiveIntegerField("phiên bản")
    label = models.CharField("tên bản ghi", max_length=255, blank=True)
    before = models.JSONField("trước", default=dict)
    after = models.JSONField("sau", default=dict)
    path = models.CharField(max_length=60, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "thay đổi"
        verbose_name_plural = "thay đổi"
        ordering = ["-id"]
        indexes = [models.Index(name="change_of_record", fields=["model", "object_id", "-id"])]

    def __str__(self):
        return f"{self.get_action_display()} {self.label}"
