"""The history of every record: one event for one act, one change for each row it touched."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from movement_portal.audit.enums import ChangeAction, EventKind
from movement_portal.jurisdictions.models import PoliceOffice
from movement_portal.jurisdictions.scoping import ReferenceModel, SharedQuerySet, path_range
from movement_portal.lib.tracking import TrackedModel


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are written once; triggers of the database say the same to whoever goes round Django."""

    def update(self, **kwargs):
        raise TypeError("History is only ever added to.")

    def delete(self):
        raise TypeError("History is only ever added to.")

    update.alters_data = delete.alters_data = True
    delete.queryset_only = True


class AppendOnlyModel(models.Model):
    class Meta:
        abstract = True

    def save(self, **kwargs):
        if not self._state.adding:
            raise TypeError("History is only ever added to.")
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, **kwargs):
        raise TypeError("History is only ever added to.")


class AuditEventQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """Acts of offices in the officer's area or below it; acts of the system at the top of the tree only."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        reach = path_range(user.jurisdiction.path, "path")
        return self.filter(reach if user.jurisdiction.parent_id else reach | models.Q(path=""))

    def open_to(self, user):
        """Acts the officer may open: those visible, and those of others that changed a row within reach."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        touching = Change.objects.visible_to(user).exclude(path="").filter(event=models.OuterRef("pk"))
        return self.filter(models.Q(pk__in=self.visible_to(user).values("pk")) | models.Exists(touching))


class AuditEvent(AppendOnlyModel):
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


def tracked_models():
    """Every model that keeps a history, in no particular order."""
    return [model for model in apps.get_models() if issubclass(model, TrackedModel)]


class ChangeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """Changes of records that the officer may view: of their area or below it, or of the reference data of all.

        A row of no area that is no reference data (an officer before the first posting) is seen at the top of the tree
        only.
        """
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        shown = [
            model
            for model in tracked_models()
            if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        ]
        labels = [model._meta.label_lower for model in shown]
        if user.jurisdiction.parent_id:
            of_no_area = [model._meta.label_lower for model in shown if issubclass(model, ReferenceModel)]
        else:
            of_no_area = labels
        reach = path_range(user.jurisdiction.path, "path") | models.Q(path="", model__in=of_no_area)
        return self.filter(reach, model__in=labels)

    def of(self, record):
        """Changes of one record."""
        return self.filter(model=record._meta.label_lower, object_id=record.pk)

    def told_by(self, record):
        """Changes of one record and of the rows that belong to it."""
        label = record._meta.label_lower
        return self.filter(models.Q(model=label, object_id=record.pk) | models.Q(owner_model=label, owner_id=record.pk))

    def told_to(self, user, record):
        """What the page of a record tells of its changes to an officer who sees it.

        Of a record that several areas see, whoever does not write it is told of the record alone: a row that belongs
        to it may name a unit out of their reach.
        """
        records = type(record)._default_manager.all()
        if not isinstance(records, SharedQuerySet) or records.editable_by(user).filter(pk=record.pk).exists():
            return self.told_by(record)
        return self.filter(model=record._meta.label_lower, object_id=record.pk)


class Change(AppendOnlyModel):
    """One row before and after an act: plain values by column name, only those that differ."""

    event = models.ForeignKey(AuditEvent, models.PROTECT, verbose_name="lần thao tác", related_name="changes")
    model = models.CharField("loại bản ghi", max_length=60)
    object_id = models.BigIntegerField("số bản ghi")
    action = models.CharField("thay đổi", max_length=10, choices=ChangeAction)
    #: Version of the record after the change.
    version = models.PositiveIntegerField("phiên bản")
    label = models.CharField("tên bản ghi", max_length=255, blank=True)
    #: The record on whose page this change is told too (the unit of a headcount).
    owner_model = models.CharField("loại bản ghi chính", max_length=60, blank=True)
    owner_id = models.BigIntegerField("số bản ghi chính", null=True)
    before = models.JSONField("trước", default=dict)
    after = models.JSONField("sau", default=dict)
    path = models.CharField(max_length=60, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "thay đổi"
        verbose_name_plural = "thay đổi"
        ordering = ["-id"]
        indexes = [
            models.Index(name="change_of_record", fields=["model", "object_id", "-id"]),
            models.Index(
                name="change_of_owner",
                fields=["owner_model", "owner_id", "-id"],
                condition=models.Q(owner_id__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_action_display()} {self.label}"


class RedactionQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """What the acts that the officer sees have taken out."""
        return self.filter(event__in=AuditEvent.objects.visible_to(user).values("pk"))


class Redaction(AppendOnlyModel):
    """That personal values were taken out of a row of history: which row, when, under which act.

    The triggers of the database let a row of history change only where one of these names it, and then nothing of it
    but values giving way to the mask. Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: what is no longer needed is removed.
    """

    event = models.ForeignKey(AuditEvent, models.PROTECT, verbose_name="lần thao tác", related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)
    #: The change whose values, or the act whose label, were taken out.
    change = models.ForeignKey(Change, models.PROTECT, verbose_name="thay đổi", null=True, related_name="+")
    act = models.ForeignKey(
        AuditEvent, models.PROTECT, verbose_name="lần thao tác bị xóa tên", null=True, related_name="+"
    )
    columns = models.JSONField("mục đã xóa", default=list)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = "lần xóa dữ liệu cá nhân khỏi lịch sử"
        verbose_name_plural = "các lần xóa dữ liệu cá nhân khỏi lịch sử"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="redaction_names_one_row",
                condition=models.Q(change__isnull=False, act__isnull=True)
                | models.Q(change__isnull=True, act__isnull=False),
                violation_error_message="Phải nêu đúng một dòng lịch sử.",
            ),
        ]

    def __str__(self):
        return f"{self.change or self.act}"
