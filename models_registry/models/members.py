"""Who takes part in a model beside the one that leads it, and the groups it is made of."""

import contextlib

from django.db import models
from django.db.models import Q

from models_registry.enums import MemberRole
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet, path_range
from movement_portal.lib.dates import ends_after_start, valid_on
from movement_portal.lib.orders import Order
from movement_portal.lib.phones import normal_phones
from units.models import Unit
from units.models.units import validate_phones


class ModelRecordQuerySet(ScopedQuerySet):
    """Rows that belong to a model are seen by whoever sees the model."""

    path_lookup = "model__jurisdiction__path"

    def within(self, jurisdiction):
        owners = self.model._meta.get_field("model").related_model._default_manager.within(jurisdiction)
        return self.filter(model__in=owners.order_by().values("pk"))

    def editable_by(self, user):
        """Rows of the models that the officer may write."""
        owners = self.model._meta.get_field("model").related_model._default_manager.editable_by(user)
        return self.filter(model__in=owners.order_by().values("pk"))


class ModelRecord(ScopedModel):
    """A record of one model; its changes are told on the model's page."""

    objects = ModelRecordQuerySet.as_manager()

    owner_relation = "model"

    class Meta(ScopedModel.Meta):
        abstract = True


class ModelMemberQuerySet(ModelRecordQuerySet):
    """Bodies are named to whoever sees the model, a unit only to whoever sees the unit."""

    def within(self, jurisdiction):
        near = Q(unit__isnull=True) | path_range(jurisdiction.path, "unit__jurisdiction__path")
        return super().within(jurisdiction).filter(near)

    def editable_by(self, user):
        """Members that the officer sees, of the models that they may write."""
        return super().editable_by(user).visible_to(user)

    def as_of(self, date):
        """Members on the date."""
        return self.filter(valid_on(date))


class ModelMember(ModelRecord):
    """A unit, or a body of an area such as a ward's police, that takes part in a model for a time."""

    model = models.ForeignKey(
        "models_registry.SelfManagedModel", models.CASCADE, verbose_name="mô hình", related_name="members"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị", null=True, blank=True, related_name="model_memberships"
    )
    body = models.CharField(
        "cơ quan, lực lượng", max_length=200, blank=True, help_text="Ví dụ: Công an phường, Ban quản lý khu phố."
    )
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="địa bàn", null=True, blank=True, related_name="+"
    )
    role = models.CharField("vai trò", max_length=20, choices=MemberRole, default=MemberRole.MEMBER)
    valid_from = models.DateField("tham gia từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = ModelMemberQuerySet.as_manager()

    label_relations = ("unit", "jurisdiction")
    orders = (Order("valid_from", "model__ended_on", "Ngày tham gia sau ngày mô hình kết thúc."),)

    class Meta(ModelRecord.Meta):
        verbose_name = "thành viên của mô hình"
        verbose_name_plural = "thành viên của mô hình"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="modelmember_unit_or_body",
                condition=Q(unit__isnull=False, body="", jurisdiction__isnull=True)
                | (Q(unit__isnull=True, jurisdiction__isnull=False) & ~Q(body="")),
                violation_error_message="Ghi một đơn vị trong sổ, hoặc tên cơ quan kèm địa bàn.",
            ),
            models.UniqueConstraint(
                name="modelmember_unit_once",
                fields=["model", "unit"],
                condition=Q(valid_to__isnull=True),
                violation_error_message="Đơn vị này đang là thành viên của mô hình.",
            ),
            models.CheckConstraint(
                name="modelmember_role_known",
                condition=Q(role__in=MemberRole.values),
                violation_error_message="Vai trò không có trong danh mục.",
            ),
            ends_after_start("modelmember_leaves_after_joining", message="Ngày thôi tham gia phải sau ngày tham gia."),
        ]

    def __str__(self):
        return self.body or str(self.unit)

    def history_label(self):
        # Officers of every member area read the history of the model; the unit may lie out of their reach.
        return self.body or "Đơn vị thành viên"


class ModelGroup(ModelRecord):
    """A working group (“tổ”) inside a model."""

    model = models.ForeignKey(
        "models_registry.SelfManagedModel", models.CASCADE, verbose_name="mô hình", related_name="groups"
    )
    name = models.CharField("tên tổ", max_length=150)
    head_name = models.CharField("tổ trưởng", max_length=100, blank=True)
    head_phone = models.CharField("điện thoại tổ trưởng", max_length=100, blank=True, validators=[validate_phones])
    member_count = models.PositiveIntegerField("số thành viên", null=True, blank=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    orders = (Order("valid_from", "model__ended_on", "Tổ lập sau ngày mô hình kết thúc."),)

    class Meta(ModelRecord.Meta):
        verbose_name = "tổ của mô hình"
        verbose_name_plural = "tổ của mô hình"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="modelgroup_named_once",
                fields=["model", "name"],
                condition=Q(valid_to__isnull=True),
                violation_error_message="Mô hình đã có tổ đang hoạt động mang tên này.",
            ),
            models.CheckConstraint(
                name="modelgroup_has_name", condition=~Q(name=""), violation_error_message="Phải có tên tổ."
            ),
            ends_after_start("modelgroup_ends_after_start"),
        ]

    def __str__(self):
        return self.name

    def derive(self):
        # What is no number has been refused by the form; a command keeps what it was given.
        with contextlib.suppress(ValueError):
            self.head_phone = normal_phones(self.head_phone)
