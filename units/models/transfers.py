"""Requests of one office that a unit which another office looks after comes over to its area."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet, path_range
from movement_portal.lib.bulk import ROWS, chunks
from movement_portal.lib.dates import today
from units.enums import TransferState
from units.models.units import Unit

#: States in which an officer has said something, and those that come by themselves.
ANSWERED = (TransferState.ACCEPTED, TransferState.REFUSED, TransferState.WITHDRAWN)


class TransferRequestQuerySet(ScopedQuerySet):
    """The office that looks after the unit sees the request with the unit; the one that asks sees what it wrote.

    ``visible_to`` is the first of the two, ``sent_by`` the second, and nothing of the unit may stand on its pages.
    """

    path_lookup = "from_area__path"

    def sent_by(self, user):
        """Requests for the officer's area or one below it: their own words, state and answer are theirs to read."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.sent_within(user.jurisdiction)

    def sent_within(self, jurisdiction):
        """Requests for the area or one below it."""
        return self.filter(path_range(jurisdiction.path, "to_area__path"))

    def pending(self):
        """Requests that wait for an answer and may still get one."""
        return self.filter(state=TransferState.PENDING, expires_on__gte=today())


class TransferRequest(ScopedModel):
    """One request that a unit be handed over, by an office that knows of it only that it exists."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="transfer_requests")
    from_area = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn đang quản lý", related_name="+")
    to_area = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="địa bàn đề nghị chuyển về", related_name="+"
    )
    called = models.CharField("tên nơi đề nghị ghi", max_length=255)
    reason = models.CharField("lý do đề nghị", max_length=300)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người đề nghị", related_name="+"
    )
    requested_on = models.DateField("đề nghị ngày")
    expires_on = models.DateField("hết hạn sau ngày")
    state = models.CharField("tình trạng", max_length=20, choices=TransferState, default=TransferState.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người trả lời", null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField("trả lời ngày", null=True, blank=True)
    decision = models.CharField("nội dung trả lời", max_length=300, blank=True)

    objects = TransferRequestQuerySet.as_manager()

    class Meta(ScopedModel.Meta):
        verbose_name = "đề nghị chuyển đơn vị"
        verbose_name_plural = "đề nghị chuyển đơn vị"
        ordering = ["-requested_on", "-id"]
        permissions = [
            ("decide_transferrequest", "Trả lời đề nghị chuyển đơn vị"),
            ("export_transferrequest", "Xuất danh sách đề nghị chuyển đơn vị"),
        ]
        indexes = [models.Index(name="transfer_by_day", fields=["-requested_on", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="transferrequest_pending_once",
                fields=["unit", "to_area"],
                condition=Q(state=TransferState.PENDING),
                violation_error_message="Đã có một đề nghị đang chờ trả lời.",
            ),
            models.CheckConstraint(
                name="transferrequest_state_known",
                condition=Q(state__in=TransferState.values),
                violation_error_message="Tình trạng không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="transferrequest_elsewhere",
                condition=~Q(from_area=F("to_area")),
                violation_error_message="Đơn vị đang ở chính địa bàn này.",
            ),
            models.CheckConstraint(
                name="transferrequest_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Phải ghi lý do đề nghị.",
            ),
            models.CheckConstraint(
                name="transferrequest_expires_later",
                condition=Q(expires_on__gte=F("requested_on")),
                violation_error_message="Hạn trả lời không được trước ngày đề nghị.",
            ),
            models.CheckConstraint(
                name="transferrequest_answered_by_somebody",
                condition=Q(state=TransferState.PENDING, decided_by=None, decided_on=None)
                | Q(state=TransferState.EXPIRED, decided_by=None, decided_on__isnull=False)
                | Q(state__in=ANSWERED, decided_by__isnull=False, decided_on__isnull=False),
                violation_error_message="Đề nghị đã trả lời phải ghi ai trả lời, ngày nào; đề nghị đang chờ thì không.",
            ),
            models.CheckConstraint(
                name="transferrequest_refused_with_reason",
                condition=~Q(state=TransferState.REFUSED) | ~Q(decision=""),
                violation_error_message="Không đồng ý phải ghi lý do.",
            ),
            models.CheckConstraint(
                name="transferrequest_decided_by_another",
                condition=~Q(state__in=(TransferState.ACCEPTED, TransferState.REFUSED))
                | ~Q(decided_by=F("requested_by")),
                violation_error_message="Người đề nghị không được tự trả lời.",
            ),
        ]

    def __str__(self):
        return f"{self.called} → {self.to_area}"

    def history_label(self):
        return "Đề nghị chuyển đơn vị"

    @property
    def is_waiting(self):
        """Whether it may still be answered."""
        return self.state == TransferState.PENDING and self.expires_on >= today()


def follow_units(unit_keys) -> None:
    """Requests that wait go to the office that looks after the unit now; one that is there already needs no more."""
    for keys in chunks(list(unit_keys), ROWS):
        moved = TransferRequest.objects.filter(state=TransferState.PENDING, unit__in=keys)
        waiting = moved.exclude(from_area=F("unit__jurisdiction")).select_related("unit").order_by("pk")
        requests = list(waiting.select_for_update(of=("self",)))
        for request in requests:
            if request.unit.jurisdiction_id == request.to_area_id:
                request.state, request.decided_on = TransferState.EXPIRED, today()
                request.decision = "Đơn vị đã về địa bàn này theo cách khác."
            else:
                request.from_area_id = request.unit.jurisdiction_id
        if requests:
            TransferRequest.objects.bulk_update(requests, ["from_area", "state", "decided_on", "decision"])
