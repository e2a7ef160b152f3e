"""Security teams of units: how they were set up, their strength by date, their years."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet
from movement_portal.lib.dates import is_ahead, is_within, plausible_year, today
from movement_portal.lib.orders import Order
from movement_portal.lib.vietnamese import fold, nfc, sort_key
from units.enums import HiredGround, StrengthEvent, TeamForm, TeamKind, TeamRating
from units.models.records import UnitRecord, UnitRecordQuerySet
from units.models.units import validate_phones

ENDS_BEFORE_SET_UP = "Ngày giải thể phải sau ngày thành lập."


class SecurityTeamQuerySet(UnitRecordQuerySet):
    def standing(self, on=None):
        """Teams that are there on the day, today unless said."""
        on = on or today()
        begun = Q(established_on__isnull=True) | Q(established_on__lte=on)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gte=on))

    def with_strength(self, to=None):
        """Know the last count, today or up to a day: ``strength``, ``strength_on``, empty where nobody counted."""
        last = TeamStrength.objects.filter(team=models.OuterRef("pk")).order_by("-counted_on")
        if to is not None:
            last = last.filter(counted_on__lte=to)
        return self.annotate(
            strength=models.Subquery(last.values("headcount")[:1]),
            strength_on=models.Subquery(last.values("counted_on")[:1]),
        )


class SecurityTeam(UnitRecord):
    """A guard force of a unit: its own people, or a service company of which only the number is known.

    Nghị định 06/2013/NĐ-CP, Điều 12: set up and commanded by the head of the unit; an enterprise may have none.
    """

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="security_teams")
    kind = models.CharField("loại lực lượng", max_length=20, choices=TeamKind)
    form = models.CharField("hình thức", max_length=10, choices=TeamForm, blank=True)
    name = models.CharField("tên lực lượng", max_length=200, help_text="Ví dụ: Đội bảo vệ, Tổ bảo vệ cơ sở 2.")
    decision_number = models.CharField("số quyết định thành lập", max_length=60, blank=True)
    decision_on = models.DateField("ngày quyết định", null=True, blank=True)
    established_on = models.DateField("thành lập từ ngày", null=True, blank=True)
    ended_on = models.DateField("giải thể, hết hợp đồng ngày", null=True, blank=True)
    leader_name = models.CharField("người phụ trách", max_length=100, blank=True)
    leader_phone = models.CharField(
        "điện thoại người phụ trách", max_length=100, blank=True, validators=[validate_phones]
    )
    company_name = models.CharField("công ty dịch vụ bảo vệ", max_length=200, blank=True)
    hired_ground = models.CharField(
        "diện được thuê dịch vụ",
        max_length=20,
        choices=HiredGround,
        blank=True,
        help_text="Với cơ quan, đơn vị hưởng ngân sách: nơi được thuê dịch vụ bảo vệ thường xuyên.",
    )
    tool_count = models.PositiveSmallIntegerField("số công cụ hỗ trợ", null=True, blank=True)
    tool_licence_number = models.CharField("số giấy phép sử dụng công cụ", max_length=60, blank=True)
    tool_licence_on = models.DateField("ngày cấp giấy phép", null=True, blank=True)

    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.TextField(editable=False)

    objects = SecurityTeamQuerySet.as_manager()

    past_fields = ("decision_on", "tool_licence_on")
    orders = (
        Order("decision_on", "established_on", "Ngày quyết định sau ngày thành lập, hãy xem lại.", is_wall=False),
    )
    label_relations = ("unit",)
    derived_fields = {
        "name_sort": ("name",),
        "search_folded": ("name", "leader_name", "company_name", "decision_number"),
    }

    class Meta(UnitRecord.Meta):
        verbose_name = "lực lượng bảo vệ"
        verbose_name_plural = "lực lượng bảo vệ"
        ordering = ["unit", "name_sort", "id"]
        permissions = [("export_securityteam", "Xuất danh sách lực lượng bảo vệ")]
        indexes = [models.Index(name="securityteam_by_name", fields=["name_sort", "id"])]
        constraints = [
            models.UniqueConstraint(
                name="securityteam_named_once",
                fields=["unit", "name"],
                condition=Q(ended_on__isnull=True),
                violation_error_message="Đơn vị đã có một lực lượng đang hoạt động mang tên này.",
            ),
            models.CheckConstraint(
                name="securityteam_kind_known",
                condition=Q(kind__in=TeamKind.values),
                violation_error_message="Loại lực lượng không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="securityteam_company_when_hired",
                condition=(Q(kind=TeamKind.HIRED) & ~Q(company_name=""))
                | (~Q(kind=TeamKind.HIRED) & Q(company_name="") & Q(hired_ground="")),
                violation_error_message="Thuê dịch vụ phải ghi công ty; lực lượng của đơn vị thì không.",
            ),
            models.CheckConstraint(
                name="securityteam_ends_after_start",
                condition=Q(established_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("established_on")),
                violation_error_message=ENDS_BEFORE_SET_UP,
            ),
            models.CheckConstraint(
                name="securityteam_decided_before_end",
                condition=Q(decision_on__isnull=True) | Q(ended_on__isnull=True) | Q(decision_on__lte=F("ended_on")),
                violation_error_message="Ngày quyết định thành lập không được sau ngày giải thể.",
            ),
            models.CheckConstraint(
                name="securityteam_licensed_before_end",
                condition=Q(tool_licence_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(tool_licence_on__lte=F("ended_on")),
                violation_error_message="Ngày cấp giấy phép không được sau ngày giải thể.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.unit}"

    def get_absolute_url(self):
        return reverse("forces:team_detail", args=[self.pk])

    def derive(self):
        self.name = nfc(self.name)
        self.name_sort = sort_key(self.name)
        self.search_folded = f" {fold(f'{self.name} {self.leader_name} {self.company_name} {self.decision_number}')} "

    @property
    def is_standing(self):
        """Whether the team is there today."""
        return is_within(self.established_on, self.ended_on)

    @property
    def is_ahead(self):
        """Whether the team is set up on a day to come."""
        return is_ahead(self.established_on)


class TeamRecordQuerySet(ScopedQuerySet):
    """Rows of a team are seen by whoever sees its unit."""

    path_lookup = "team__unit__jurisdiction__path"


class TeamRecord(ScopedModel):
    """A record of one team; its changes are told on the team's page."""

    objects = TeamRecordQuerySet.as_manager()

    owner_relation = "team"
    label_relations = ("team__unit",)

    class Meta(ScopedModel.Meta):
        abstract = True


class TeamStrength(TeamRecord):
    """How many people a team had on a day: counted, or when it was built or strengthened."""

    team = models.ForeignKey(SecurityTeam, models.CASCADE, verbose_name="lực lượng bảo vệ", related_name="strengths")
    counted_on = models.DateField("ngày")
    event = models.CharField("dịp", max_length=20, choices=StrengthEvent, default=StrengthEvent.COUNTED)
    headcount = models.PositiveIntegerField("số người")

    past_fields = ("counted_on",)
    orders = (
        Order("team__established_on", "counted_on", "Ngày kiểm đếm trước ngày thành lập lực lượng."),
        Order("counted_on", "team__ended_on", "Ngày kiểm đếm sau ngày lực lượng giải thể."),
    )

    class Meta(TeamRecord.Meta):
        verbose_name = "quân số theo ngày"
        verbose_name_plural = "quân số theo ngày"
        ordering = ["-counted_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="teamstrength_once_a_day",
                fields=["team", "counted_on"],
                violation_error_message="Ngày này đã có quân số.",
            ),
        ]

    def __str__(self):
        return f"{self.team}, {self.counted_on:%d/%m/%Y}"


class TeamReview(TeamRecord):
    """One year of a team: its rating, and disciplined guards as counts (Thông tư 124/2021/TT-BCA, tiêu chí 4)."""

    team = models.ForeignKey(SecurityTeam, models.CASCADE, verbose_name="lực lượng bảo vệ", related_name="reviews")
    year = models.PositiveSmallIntegerField("năm")
    rating = models.CharField("xếp loại", max_length=20, choices=TeamRating, blank=True)
    reprimand_count = models.PositiveSmallIntegerField("số người bị khiển trách", default=0)
    warning_count = models.PositiveSmallIntegerField("số người bị kỷ luật từ cảnh cáo trở lên", default=0)

    past_fields = ("year",)
    orders = (
        Order("team__established_on", "year", "Năm này lực lượng chưa thành lập."),
        Order("year", "team__ended_on", "Năm này lực lượng đã giải thể."),
    )

    class Meta(TeamRecord.Meta):
        verbose_name = "xếp loại, kỷ luật theo năm"
        verbose_name_plural = "xếp loại, kỷ luật theo năm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                name="teamreview_once_a_year",
                fields=["team", "year"],
                violation_error_message="Năm này đã có xếp loại.",
            ),
            plausible_year("teamreview_year_plausible"),
        ]

    def __str__(self):
        return f"{self.team}, {self.year}"
