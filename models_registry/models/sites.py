"""Self-managed models as they run: each row is one site (“điểm”) of one kind (“loại”)."""

import contextlib

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from models_registry.enums import ENDED_STATUSES, ModelStatus
from models_registry.models.kinds import ModelKind
from models_registry.models.members import ModelGroup, ModelMember
from models_registry.models.records import ModelStrength
from movement_portal.documents.files import OfficeFileField
from movement_portal.documents.models import take_numbers
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, SharedQuerySet, is_root, path_range
from movement_portal.lib.dates import today, valid_on
from movement_portal.lib.orders import Order
from movement_portal.lib.phones import normal_phones
from movement_portal.lib.vietnamese import fold, nfc, sort_key
from units.models import Unit
from units.models.units import validate_phones

CODE_SERIES = "models_registry.selfmanagedmodel"


class SelfManagedModelQuerySet(SharedQuerySet):
    """A model is seen in its own area and in the area of every member, past ones included."""

    def within(self, jurisdiction):
        """Models that lie in the area or below it, or in which a unit or body from there takes part."""
        if is_root(jurisdiction.path):
            return self.held_in(jurisdiction)
        # One list of keys, each part found by its own index: with “or” between them every model would be looked at.
        areas = Jurisdiction._base_manager.filter(path_range(jurisdiction.path, "path")).order_by().values("pk")
        members = ModelMember._base_manager.order_by()
        own = self.model._base_manager.order_by().filter(jurisdiction__in=areas).values_list("pk")
        by_unit = members.filter(unit__jurisdiction__in=areas).values_list("model")
        by_body = members.filter(jurisdiction__in=areas).values_list("model")
        return self.filter(pk__in=own.union(by_unit, by_body))

    def open_of_kind(self, kind, units):
        """Models of a kind that these units lead and that have not ended."""
        return self.filter(kind=kind, lead_unit__in=units).exclude(status__in=ENDED_STATUSES)

    def silent_since(self, date):
        """Models that run, were launched before the date and have no activity in their log since."""
        return self.filter(silent_since(date))

    def with_strength(self):
        """Annotate ``group_count`` and ``member_count``: as last counted; never counted, of the groups in the register.

        Members are persons; participations are never among them.
        """
        groups = ModelGroup._base_manager.filter(valid_on(today()), model=OuterRef("pk")).order_by().values("model")
        return self.annotate(
            group_count=Coalesce(_last_counted("group_count"), Subquery(groups.annotate(n=Count("pk")).values("n"))),
            member_count=Coalesce(
                _last_counted("member_count"), Subquery(groups.annotate(n=Sum("member_count")).values("n"))
            ),
        )

    def bulk_create(self, objs, *args, **kwargs):
        """As of every tracked model; each model gets its code as well."""
        objs = list(objs)
        without_code = [model for model in objs if not model.code]
        if without_code:
            for model, code in zip(without_code, new_codes(len(without_code)), strict=True):
                model.code = code
        return super().bulk_create(objs, *args, **kwargs)

    bulk_create.alters_data = True


def silent_since(date) -> Q:
    """Models that run, were launched before the date and have no activity in their log since."""
    quiet = Q(last_active_on__isnull=True) | Q(last_active_on__lt=date)
    return Q(status=ModelStatus.ACTIVE, launched_on__lt=date) & quiet


def _last_counted(column):
    rows = ModelStrength._base_manager.filter(model=OuterRef("pk"), **{f"{column}__isnull": False})
    return Subquery(rows.order_by("-counted_on").values(column)[:1])


class SelfManagedModel(ScopedModel):
    """One self-managed model at one place: who leads it, on what decision, since when, and how it stands."""

    code = models.CharField("mã mô hình", max_length=12, unique=True, editable=False)
    kind = models.ForeignKey(ModelKind, models.PROTECT, verbose_name="loại mô hình", related_name="models")
    name = models.CharField(
        "tên mô hình", max_length=255, help_text="Tên riêng của điểm này; để trống thì lấy tên loại.", blank=True
    )
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị chủ trì", null=True, blank=True, related_name="led_models"
    )
    lead_body = models.CharField(
        "cơ quan chủ trì", max_length=200, blank=True, help_text="Khi nơi chủ trì không phải đơn vị trong sổ."
    )
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="+")
    place = models.CharField("nơi thực hiện", max_length=255, blank=True)

    decision_number = models.CharField("số quyết định thành lập", max_length=60, blank=True)
    decision_on = models.DateField("ngày quyết định", null=True, blank=True)
    decision_issuer = models.CharField("cơ quan quyết định", max_length=200, blank=True)
    regulation = OfficeFileField("quy chế, quy ước hoạt động", folder="models_registry/regulations")
    launch_place = models.CharField("nơi ra mắt", max_length=255, blank=True)
    head_name = models.CharField("trưởng mô hình", max_length=100, blank=True)
    head_title = models.CharField("chức vụ trưởng mô hình", max_length=100, blank=True)
    head_phone = models.CharField("điện thoại trưởng mô hình", max_length=100, blank=True, validators=[validate_phones])

    replicated_from = models.ForeignKey(
        "self", models.PROTECT, verbose_name="nhân rộng từ", null=True, blank=True, related_name="replicas"
    )
    status = models.CharField(
        "tình trạng", max_length=20, choices=ModelStatus, default=ModelStatus.PROPOSED, editable=False
    )
    status_on = models.DateField("từ ngày", null=True, blank=True, editable=False)
    launched_on = models.DateField("ngày ra mắt", null=True, blank=True, editable=False)
    ended_on = models.DateField("ngày kết thúc", null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="sáp nhập vào",
        null=True,
        blank=True,
        editable=False,
        related_name="merged_models",
    )
    #: The latest day of the activity log; kept by ``workflow`` so that silence can be listed in one query.
    last_active_on = models.DateField("hoạt động gần nhất", null=True, blank=True, editable=False)

    note = models.TextField("ghi chú", blank=True)
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)
    updated_at = models.DateTimeField("sửa lúc", auto_now=True)
    submission_key = models.UUIDField(null=True, editable=False)

    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.TextField(editable=False)

    objects = SelfManagedModelQuerySet.as_manager()

    past_fields = ("decision_on", "launched_on")
    orders = (
        Order("replicated_from__launched_on", "launched_on", "Ngày ra mắt trước ngày ra mắt của mô hình gốc."),
        Order("decision_on", "launched_on", "Ngày quyết định sau ngày ra mắt, hãy xem lại.", is_wall=False),
    )
    derived_fields = {
        "name_sort": ("name",),
        "search_folded": ("name", "code", "head_name", "lead_body", "place"),
    }
    untracked_fields = ("created_at", "updated_at", "submission_key")

    class Meta(ScopedModel.Meta):
        verbose_name = "mô hình"
        verbose_name_plural = "mô hình"
        ordering = ["name_sort", "id"]
        permissions = [
            ("change_model_status", "Đổi tình trạng mô hình"),
            ("export_selfmanagedmodel", "Xuất danh sách mô hình"),
        ]
        indexes = [
            models.Index(name="model_by_name", fields=["name_sort", "id"]),
            models.Index(name="model_by_area", fields=["jurisdiction", "name_sort", "id"]),
            models.Index(name="model_by_life", fields=["launched_on", "ended_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="model_has_name", condition=~Q(name=""), violation_error_message="Phải có tên mô hình."
            ),
            models.CheckConstraint(
                name="model_has_one_lead",
                condition=Q(lead_unit__isnull=False, lead_body="") | (Q(lead_unit__isnull=True) & ~Q(lead_body="")),
                violation_error_message="Mô hình có một nơi chủ trì: một đơn vị trong sổ, hoặc một cơ quan ghi tên.",
            ),
            models.CheckConstraint(
                name="model_status_known",
                condition=Q(status__in=ModelStatus.values),
                violation_error_message="Tình trạng không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="model_launched_when_active",
                condition=~Q(status=ModelStatus.ACTIVE) | Q(launched_on__isnull=False),
                violation_error_message="Mô hình đang hoạt động phải có ngày ra mắt.",
            ),
            models.CheckConstraint(
                name="model_not_launched_before_its_time",
                condition=~Q(status__in=(ModelStatus.PROPOSED, ModelStatus.APPROVED)) | Q(launched_on__isnull=True),
                violation_error_message="Mô hình chưa ra mắt thì chưa có ngày ra mắt.",
            ),
            models.CheckConstraint(
                name="model_ended_when_over",
                condition=Q(status__in=ENDED_STATUSES, ended_on__isnull=False)
                | (~Q(status__in=ENDED_STATUSES) & Q(ended_on__isnull=True)),
                violation_error_message="Mô hình đã kết thúc phải có ngày kết thúc, mô hình khác thì không.",
            ),
            models.CheckConstraint(
                name="model_ends_after_launch",
                condition=Q(launched_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("launched_on")),
                violation_error_message="Ngày kết thúc không được trước ngày ra mắt.",
            ),
            models.CheckConstraint(
                name="model_decided_before_end",
                condition=Q(decision_on__isnull=True) | Q(ended_on__isnull=True) | Q(decision_on__lte=F("ended_on")),
                violation_error_message="Ngày quyết định thành lập không được sau ngày kết thúc.",
            ),
            models.CheckConstraint(
                name="model_merged_into_when_merged",
                condition=Q(status=ModelStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=ModelStatus.MERGED) & Q(merged_into__isnull=True)),
                violation_error_message="Mô hình đã sáp nhập phải ghi mô hình nhận, mô hình khác thì không.",
            ),
            models.CheckConstraint(
                name="model_not_from_itself",
                condition=Q(replicated_from__isnull=True) | ~Q(replicated_from=F("id")),
                violation_error_message="Mô hình không thể nhân rộng từ chính nó.",
            ),
            models.UniqueConstraint(
                name="model_submission_once",
                fields=["submission_key"],
                condition=Q(submission_key__isnull=False),
                violation_error_message="Biểu này đã được gửi.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.code:
            self.code = new_codes(1)[0]
        super().save(*args, **kwargs)

    def derive(self):
        self.name = nfc(self.name).strip() or self.kind.name
        # What is no number has been refused by the form; a command keeps what it was given.
        with contextlib.suppress(ValueError):
            self.head_phone = normal_phones(self.head_phone)
        self.name_sort = sort_key(self.name)
        texts = [self.name, self.code, self.head_name, self.head_phone, self.lead_body, self.place]
        # Between blanks, as lists look for the beginnings of words.
        self.search_folded = f" {fold(' '.join(texts))} "

    def get_absolute_url(self):
        return reverse("models:model_detail", args=[self.pk])

    @property
    def is_over(self):
        """Whether the model has ended."""
        return self.status in ENDED_STATUSES


def new_codes(count: int) -> list[str]:
    """Codes never given before: MH and seven digits."""
    return [f"MH{number:07d}" for number in take_numbers(CODE_SERIES, count)]


def follow_lead_units(unit_keys) -> None:
    """A model led by a unit lies where the unit lies: after units have moved, move their models."""
    moved = SelfManagedModel._base_manager.filter(lead_unit__in=unit_keys).exclude(
        jurisdiction=F("lead_unit__jurisdiction")
    )
    models_moved = list(moved.select_related("lead_unit").order_by("pk").select_for_update(of=("self",)))
    for model in models_moved:
        model.jurisdiction_id = model.lead_unit.jurisdiction_id
    if models_moved:
        SelfManagedModel.objects.bulk_update(models_moved, ["jurisdiction"])
