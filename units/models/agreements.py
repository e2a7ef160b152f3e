"""Agreements of coordination between the police and units, and who signed them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from movement_portal.documents.files import OfficeFileField
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, SharedQuerySet, is_root, path_bounds, path_range
from movement_portal.lib.dates import ends_after_start, valid_on
from movement_portal.lib.orders import Order
from movement_portal.lib.vietnamese import fold, nfc
from units.enums import AgreementKind


class AgreementQuerySet(SharedQuerySet):
    """An agreement is seen in its own area and in that of every party; it is written in its own."""

    def within(self, jurisdiction):
        """Agreements kept by the area or below it, or signed by a unit or an area from there."""
        parties = AgreementParty._base_manager.order_by()
        by_unit = parties.filter(path_range(jurisdiction.path, "unit__jurisdiction__path"))
        by_area = parties.filter(path_range(jurisdiction.path, "jurisdiction__path"))
        if is_root(jurisdiction.path):
            # Nearly every row is kept below: only of the few kept elsewhere is it asked who signed.
            first, following = path_bounds(jurisdiction.path)
            areas = Jurisdiction.objects.filter(Q(path__lt=first) | Q(path__gte=following)).order_by().values("pk")
            elsewhere = [each.filter(agreement__jurisdiction__in=areas) for each in (by_unit, by_area)]
            signed = Q(pk__in=elsewhere[0].values("agreement")) | Q(pk__in=elsewhere[1].values("agreement"))
            return self.filter(path_range(jurisdiction.path, self.path_lookup) | signed)
        kept = models.QuerySet(self.model).order_by().filter(path_range(jurisdiction.path, self.path_lookup))
        # Short lists put together: a condition of any kind on each row would read the whole table.
        found = kept.values("pk").union(by_unit.values("agreement"), by_area.values("agreement"))
        return self.filter(pk__in=found)

    def as_of(self, date):
        """Agreements in force on the date."""
        return self.filter(valid_on(date))


class CoordinationAgreement(ScopedModel):
    """A regulation, programme or plan of coordination between the police and units (criterion 2.2)."""

    kind = models.CharField("loại văn bản", max_length=20, choices=AgreementKind)
    number = models.CharField("số, ký hiệu", max_length=60)
    title = models.CharField("trích yếu", max_length=300)
    signed_on = models.DateField("ngày ký")
    valid_from = models.DateField("có hiệu lực từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    police_body = models.CharField("cơ quan Công an ký", max_length=200, blank=True)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="+")
    scan = OfficeFileField("bản quét", folder="units/agreements")
    note = models.TextField("ghi chú", blank=True)
    #: Drawn when the empty form was opened: sending the form a second time makes no second agreement.
    submission_key = models.UUIDField(null=True, unique=True, editable=False)
    search_folded = models.TextField(editable=False)

    objects = AgreementQuerySet.as_manager()

    past_fields = ("signed_on",)
    orders = (Order("signed_on", "valid_from", "Có hiệu lực từ trước ngày ký, hãy xem lại.", is_wall=False),)
    derived_fields = {"search_folded": ("number", "title", "police_body")}
    untracked_fields = ("submission_key",)

    class Meta(ScopedModel.Meta):
        verbose_name = "văn bản phối hợp"
        verbose_name_plural = "văn bản phối hợp"
        ordering = ["-signed_on", "-id"]
        permissions = [("export_coordinationagreement", "Xuất danh sách văn bản phối hợp")]
        indexes = [
            models.Index(name="agreement_newest", fields=["-signed_on", "-id"]),
            models.Index(name="agreement_by_area", fields=["jurisdiction", "-signed_on", "-id"]),
            models.Index(name="agreement_by_end", fields=["valid_to"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="agreement_kind_known",
                condition=Q(kind__in=AgreementKind.values),
                violation_error_message="Loại văn bản không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="agreement_has_number_and_title",
                condition=~Q(number="") & ~Q(title=""),
                violation_error_message="Phải ghi số và trích yếu.",
            ),
            models.CheckConstraint(
                name="agreement_ends_after_signing",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("signed_on")),
                violation_error_message="Ngày hết hiệu lực không được trước ngày ký.",
            ),
            ends_after_start("agreement_ends_after_start", message="Ngày hết hiệu lực phải sau ngày có hiệu lực."),
        ]

    def __str__(self):
        return f"{self.number} ngày {self.signed_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("duties:agreement_detail", args=[self.pk])

    def derive(self):
        self.number, self.title = nfc(self.number), nfc(self.title)
        self.search_folded = f" {fold(f'{self.number} {self.title} {self.police_body}')} "


class AgreementPartyQuerySet(SharedQuerySet):
    """A party is seen by whoever sees the unit or area that it is, or the agreement's own area."""

    path_lookup = "agreement__jurisdiction__path"

    def within(self, jurisdiction):
        return self.filter(
            path_range(jurisdiction.path, self.path_lookup)
            | path_range(jurisdiction.path, "unit__jurisdiction__path")
            | path_range(jurisdiction.path, "jurisdiction__path")
        )


class AgreementParty(ScopedModel):
    """Who signed an agreement with the police: a unit of the register, an area (its police, its committee), a body."""

    agreement = models.ForeignKey(
        CoordinationAgreement, models.CASCADE, verbose_name="văn bản phối hợp", related_name="parties"
    )
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, verbose_name="đơn vị", null=True, blank=True, related_name="agreements"
    )
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="địa bàn", null=True, blank=True, related_name="+"
    )
    body = models.CharField("cơ quan khác", max_length=200, blank=True)

    objects = AgreementPartyQuerySet.as_manager()

    owner_relation = "agreement"
    label_relations = ("unit", "jurisdiction")

    class Meta(ScopedModel.Meta):
        verbose_name = "bên ký văn bản phối hợp"
        verbose_name_plural = "bên ký văn bản phối hợp"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="agreementparty_unit_or_body",
                condition=Q(unit__isnull=False, jurisdiction__isnull=True, body="")
                | Q(unit__isnull=True, jurisdiction__isnull=False)
                | (Q(unit__isnull=True, jurisdiction__isnull=True) & ~Q(body="")),
                violation_error_message="Ghi một đơn vị trong sổ, hoặc địa bàn, hoặc tên cơ quan.",
            ),
            models.UniqueConstraint(
                name="agreementparty_unit_once",
                fields=["agreement", "unit"],
                violation_error_message="Đơn vị này đã là một bên ký.",
            ),
        ]

    def __str__(self):
        return self.body or (self.jurisdiction.full_name if self.jurisdiction_id else str(self.unit))
