"""Training of guards: courses, who took part, certificates (Thông tư 46/2014/TT-BCA, Điều 6, 7)."""

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet, SharedQuerySet
from movement_portal.lib.orders import Order
from movement_portal.lib.vietnamese import fold, nfc, sort_key
from units.certificates import fill_expiry
from units.enums import TrainingContent, TrainingResult
from units.models.guards import Guard

ENDS_BEFORE_BEGIN = "Ngày kết thúc phải sau ngày bắt đầu."


class TrainingCourseQuerySet(SharedQuerySet):
    """A course is seen by all of whom a guard took part, and written by the area that holds it."""

    def visible_to(self, user):
        """Courses of the officer's area, and those of others in which a guard within reach took part."""
        own = super().visible_to(user)
        if not user.is_authenticated or user.jurisdiction is None:
            return own
        mine = TrainingAttendance.objects.visible_to(user).filter(course=OuterRef("pk"))
        return self.filter(Q(pk__in=own.values("pk")) | Exists(mine))


class TrainingCourse(ScopedModel):
    """One class for guards of one or many units, under the area of whoever records it."""

    name = models.CharField("tên lớp", max_length=200)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn tổ chức", related_name="+")
    organiser = models.CharField(
        "cơ quan tổ chức",
        max_length=200,
        help_text="Phòng nghiệp vụ Công an cấp tỉnh, Cục nghiệp vụ, hoặc đơn vị khác.",
    )
    contents = models.JSONField("nội dung", default=list, blank=True)
    started_on = models.DateField("từ ngày")
    ended_on = models.DateField("đến ngày")
    place = models.CharField("địa điểm", max_length=200, blank=True)
    #: Drawn when the empty form was opened: sending the form a second time makes no second course.
    submission_key = models.UUIDField(null=True, editable=False)

    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.TextField(editable=False)

    objects = TrainingCourseQuerySet.as_manager()

    derived_fields = {"name_sort": ("name",), "search_folded": ("name", "organiser", "place")}
    untracked_fields = ("submission_key",)

    class Meta(ScopedModel.Meta):
        verbose_name = "lớp huấn luyện"
        verbose_name_plural = "lớp huấn luyện"
        ordering = ["-started_on", "-id"]
        permissions = [("export_trainingcourse", "Xuất danh sách lớp huấn luyện")]
        indexes = [models.Index(name="trainingcourse_by_day", fields=["-started_on", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="trainingcourse_ends_after_start",
                condition=Q(ended_on__gte=F("started_on")),
                violation_error_message=ENDS_BEFORE_BEGIN,
            ),
            models.UniqueConstraint(
                name="trainingcourse_submission_once",
                fields=["submission_key"],
                condition=Q(submission_key__isnull=False),
                violation_error_message="Biểu này đã được gửi.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.started_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("forces:course_detail", args=[self.pk])

    def derive(self):
        self.name = nfc(self.name)
        self.name_sort = sort_key(self.name)
        self.search_folded = f" {fold(f'{self.name} {self.organiser} {self.place}')} "

    @property
    def contents_in_words(self):
        """The contents as the circular lists them."""
        return [label for value, label in TrainingContent.choices if value in self.contents]


class GuardRecordQuerySet(ScopedQuerySet):
    """Rows of a guard are seen by whoever sees the unit."""

    path_lookup = "guard__unit__jurisdiction__path"


class GuardRecord(ScopedModel):
    """A record of one guard; its changes are told on the guard's page."""

    objects = GuardRecordQuerySet.as_manager()

    owner_relation = "guard"

    class Meta(ScopedModel.Meta):
        abstract = True


class TrainingAttendance(GuardRecord):
    """One guard in one course (“lượt người”: the same person in two courses is two)."""

    course = models.ForeignKey(
        TrainingCourse, models.CASCADE, verbose_name="lớp huấn luyện", related_name="attendances"
    )
    guard = models.ForeignKey(Guard, models.CASCADE, verbose_name="người bảo vệ", related_name="attendances")
    result = models.CharField("kết quả", max_length=10, choices=TrainingResult, default=TrainingResult.UNTESTED)

    label_relations = ("guard__unit", "course")
    orders = (Order("guard__birth_year", "course__ended_on", "Lớp đã bế giảng trước năm sinh của người này."),)

    class Meta(GuardRecord.Meta):
        verbose_name = "lượt học"
        verbose_name_plural = "lượt học"
        ordering = ["guard", "-course"]
        constraints = [
            models.UniqueConstraint(
                name="trainingattendance_once",
                fields=["course", "guard"],
                violation_error_message="Người này đã có trong lớp.",
            ),
        ]

    def __str__(self):
        return f"{self.guard}: {self.course}"


class TrainingCertificateQuerySet(GuardRecordQuerySet):
    def valid(self, on):
        """Certificates that hold on the day: issued, not run out, not withdrawn before it."""
        return self.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on), issued_on__lte=on, expires_on__gte=on)

    def bulk_create(self, objs, *args, **kwargs):
        """As of every tracked model; a certificate without its last day gets the one of the rule."""
        objs = list(objs)
        fill_expiry(objs)
        return super().bulk_create(objs, *args, **kwargs)

    bulk_create.alters_data = True


class TrainingCertificate(GuardRecord):
    """“Giấy chứng nhận huấn luyện nghiệp vụ bảo vệ”: holds five years from issue, then a new one is needed."""

    guard = models.ForeignKey(Guard, models.CASCADE, verbose_name="người bảo vệ", related_name="certificates")
    course = models.ForeignKey(
        TrainingCourse,
        models.SET_NULL,
        verbose_name="lớp huấn luyện",
        null=True,
        blank=True,
        related_name="certificates",
    )
    number = models.CharField("số giấy chứng nhận", max_length=60)
    issuer = models.CharField("cơ quan cấp", max_length=200)
    issued_on = models.DateField("ngày cấp")
    expires_on = models.DateField(
        "có giá trị đến hết ngày", blank=True, help_text="Để trống thì tính theo quy định tại ngày cấp."
    )
    withdrawn_on = models.DateField("thu hồi, đổi ngày", null=True, blank=True)

    search_folded = models.TextField(editable=False)

    objects = TrainingCertificateQuerySet.as_manager()

    past_fields = ("issued_on", "withdrawn_on")
    orders = (
        Order("guard__birth_year", "issued_on", "Ngày cấp trước năm sinh của người này."),
        Order("course__ended_on", "issued_on", "Ngày cấp không thể trước ngày kết thúc lớp."),
    )
    label_relations = ("guard__unit",)
    derived_fields = {"search_folded": ("number", "issuer")}

    class Meta(GuardRecord.Meta):
        verbose_name = "giấy chứng nhận huấn luyện"
        verbose_name_plural = "giấy chứng nhận huấn luyện"
        ordering = ["-issued_on", "-id"]
        permissions = [("export_trainingcertificate", "Xuất danh sách giấy chứng nhận huấn luyện")]
        indexes = [
            models.Index(name="certificate_of_guard", fields=["guard", "expires_on"]),
            models.Index(name="certificate_by_expiry", fields=["expires_on", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="trainingcertificate_once",
                fields=["guard", "number"],
                violation_error_message="Người này đã có giấy chứng nhận mang số này.",
            ),
            models.CheckConstraint(
                name="trainingcertificate_expires_after_issue",
                condition=Q(expires_on__gt=F("issued_on")),
                violation_error_message="Ngày hết giá trị phải sau ngày cấp.",
            ),
            models.CheckConstraint(
                name="trainingcertificate_withdrawn_after_issue",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("issued_on")),
                violation_error_message="Ngày thu hồi phải sau ngày cấp.",
            ),
        ]

    def __str__(self):
        return f"{self.number}, {self.guard}"

    def derive(self):
        self.search_folded = f" {fold(f'{self.number} {self.issuer}')} "

    def save(self, *args, **kwargs):
        fill_expiry([self])
        with transaction.atomic():
            super().save(*args, **kwargs)
