"""Officers: accounts, and the postings that give each an area and functions."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models.offices import PoliceOffice
from movement_portal.jurisdictions.models.territory import Jurisdiction, known_paths
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet, path_range
from movement_portal.jurisdictions.sign_in import locked_out_until
from movement_portal.lib.dates import ends_after_start, overlapping, today, valid_on
from movement_portal.lib.prepared import Prepared, Slot
from movement_portal.lib.tracked_rows import TrackedQuerySet
from movement_portal.lib.tracking import TrackedModel
from movement_portal.lib.vietnamese import fold, given_sort_key, nfc


def in_force(date):
    """Postings of the date at an office that exists on it: with the office its postings end."""
    return valid_on(date) & valid_on(date, "office__")


class OfficerQuerySet(TrackedQuerySet):
    def visible_to(self, user):
        """Officers posted today, or for want of a present posting last, in the area of the one who asks."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        inside = path_range(user.jurisdiction.path, "home_path")
        return self.with_home().filter(inside)

    def known_to(self, user):
        """Officers whose names the one who asks may read: those at home where they know the areas."""
        return self.with_home().filter(known_paths(user, "home_path"))

    def without_password(self):
        """Accounts that nobody can sign in to because no password was ever given."""
        return self.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def with_home(self):
        """Know the office of today's posting, or for want of one of the last: ``home_office`` (its key), its name."""
        today_first = Case(When(in_force(today()), then=Value(0)), default=Value(1))
        postings = Posting.objects.filter(officer=OuterRef("pk")).order_by(today_first, "-valid_from", "-id")

        def of_home(lookup):
            return Subquery(postings.values(lookup)[:1])

        return self.alias(
            home_path=of_home("office__jurisdiction__path"), home_search=of_home("office__search_folded")
        ).annotate(home_office=of_home("office_id"), home_office_name=of_home("office__name"))

    def search(self, text):
        """Officers whose name, username or office has every word of the text; accents are optional."""
        rows = self.with_home()
        for word in fold(text).split():
            rows = rows.filter(Q(search_folded__contains=word) | Q(home_search__contains=word))
        return rows

    def with_postings(self):
        """Load today's postings with the officers, in one query for all of them."""
        return self.prefetch_related(
            Prefetch("postings", queryset=Posting.objects.in_force_today(), to_attr="postings_today")
        )


class OfficerManager(BaseUserManager.from_queryset(OfficerQuerySet)):
    def create_user(self, username, password=None, **fields):
        """An account with a usable password; without one nobody can sign in to it."""
        officer = self.model(username=username, **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer

    def get_by_natural_key(self, username):
        return super().get_by_natural_key(self.model.normalize_username(username))


class Officer(AbstractBaseUser, PermissionsMixin, TrackedModel):
    """A member of staff who signs in; what they see and do follows from the postings of today."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = models.CharField("họ và tên", max_length=100)
    title = models.CharField("cấp bậc, chức vụ", max_length=100, blank=True)
    phone = models.CharField("điện thoại công vụ", max_length=20, blank=True)
    is_active = models.BooleanField("đang dùng", default=True, help_text="Bỏ chọn để khóa tài khoản, không xóa.")
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False, editable=False)
    password_expires_at = models.DateTimeField("mật khẩu hết hạn lúc", null=True, blank=True, editable=False)
    #: The last time an administrator ended a lockout: it has no other trace in the account.
    unblocked_at = models.DateTimeField("cho đăng nhập lại lúc", null=True, blank=True, editable=False)
    given_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.CharField(max_length=250, editable=False)
    #: Rights come from postings alone: there is no superuser and nothing hangs on the account itself.
    is_superuser = False
    groups = None
    user_permissions = None
    #: Office of the first posting, for the history of an account that is being opened.
    opened_at = None

    objects = OfficerManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]
    derived_fields = {"given_sort": ("full_name",), "search_folded": ("full_name", "username")}
    masked_fields = ("password",)
    untracked_fields = ("last_login",)

    class Meta(TrackedModel.Meta):
        verbose_name = "cán bộ"
        verbose_name_plural = "cán bộ"
        ordering = ["given_sort", "id"]
        constraints = [
            models.CheckConstraint(
                name="officer_username_lower_case",
                condition=Q(username=Lower("username")),
                violation_error_message="Tên đăng nhập chỉ dùng chữ thường.",
            ),
            models.CheckConstraint(
                name="officer_first_password_expires",
                condition=Q(must_change_password=False, password_expires_at__isnull=True)
                | Q(must_change_password=True, password_expires_at__isnull=False),
                violation_error_message="Mật khẩu lần đầu phải có thời hạn.",
            ),
        ]

    def __str__(self):
        return self.full_name or self.username

    def derive(self):
        self.username = self.normalize_username(self.username)
        self.full_name = nfc(self.full_name)
        self.given_sort = given_sort_key(self.full_name)
        self.search_folded = fold(f"{self.full_name} {self.username}")

    def get_absolute_url(self):
        return reverse("accounts:officer_detail", args=[self.pk])

    @classmethod
    def area_paths(cls, rows):
        paths = dict(
            Posting.objects.filter(officer__in=[row.pk for row in rows])
            .order_by(F("valid_from").asc())
            .values_list("officer_id", "office__jurisdiction__path")
        )
        return [paths.get(row.pk) or (row.opened_at.jurisdiction.path if row.opened_at else "") for row in rows]

    @classmethod
    def normalize_username(cls, username):
        """Lower case without blanks: a phone that capitalises the first letter signs in all the same."""
        return super().normalize_username(username).strip().lower()

    @cached_property
    def current_postings(self):
        """Postings of today at one office: the one that began last, where two overlap."""
        postings = getattr(self, "postings_today", None)
        if postings is None:
            postings = _postings_on(officer=self.pk, day=today())
        return [posting for posting in postings if posting.office_id == postings[0].office_id]

    @property
    def office(self):
        """Police office of today, or None."""
        return self.current_postings[0].office if self.current_postings else None

    @property
    def jurisdiction(self):
        """Area of today's posting, or None; what the officer sees is this area and below."""
        return self.office.jurisdiction if self.office else None

    @cached_property
    def origin_paths(self):
        """Paths of today's area and of the areas that it came from; asked once for all the names of a page."""
        return Jurisdiction.objects.origin_paths(self.jurisdiction.path) if self.jurisdiction else []

    @property
    def functions(self):
        """Functions of today, as a set of ``Function``."""
        return {Function(posting.function) for posting in self.current_postings}

    @property
    def is_staff(self):
        """Whether the admin pages open: for every posted officer; what they show follows from scope and permissions."""
        return self.is_active and bool(self.current_postings)

    @cached_property
    def locked_out_until(self):
        """When the officer may try to sign in again after too many failures, or None."""
        return locked_out_until([self.username]).get(self.username)

    @property
    def first_password_expired(self):
        """Whether the password an administrator gave was not changed in time."""
        return self.must_change_password and self.password_expires_at <= timezone.now()

    def get_short_name(self):
        return self.full_name.split(" ")[-1]


class PostingQuerySet(ScopedQuerySet):
    path_lookup = "office__jurisdiction__path"

    def as_of(self, date):
        """Postings in force on the date."""
        return self.filter(in_force(date))

    def in_force_today(self):
        """Postings of today with office and area, the one that began last first."""
        return self.as_of(today()).with_office()

    def with_office(self):
        """With office and area, the posting that began last first."""
        return self.select_related("office__jurisdiction", "office__parent").order_by("-valid_from", "-id")

    def not_ended_before(self, date):
        """Postings in force on the date or later; with the office its postings end."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=date),
            Q(office__valid_to__isnull=True) | Q(office__valid_to__gte=date),
        )


class Posting(ScopedModel):
    """An officer at a police office in one function, from one day to another."""

    officer = models.ForeignKey(Officer, models.PROTECT, verbose_name="cán bộ", related_name="postings")
    office = models.ForeignKey(PoliceOffice, models.PROTECT, verbose_name="cơ quan Công an", related_name="postings")
    function = models.CharField("chức năng", max_length=20, choices=Function)
    valid_from = models.DateField("từ ngày", default=today)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    #: Functions that an account administrator may hand on besides those they hold themselves.
    grants = models.JSONField("được cấp các chức năng", default=list, blank=True)

    objects = PostingQuerySet.as_manager()

    label_relations = ("officer",)
    owner_relation = "officer"

    class Meta(ScopedModel.Meta):
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="posting_once",
                fields=["officer", "office", "function", "valid_from"],
                violation_error_message="Cán bộ đã có phân công này.",
            ),
            ends_after_start("posting_ends_after_start", is_start_known=True),
            models.CheckConstraint(
                name="posting_grants_only_of_administrators",
                condition=Q(function=Function.MANAGE_ACCOUNTS) | Q(grants=[]),
                violation_error_message="Chỉ phân công quản trị hệ thống mới được cấp chức năng cho người khác.",
            ),
        ]

    def __str__(self):
        return f"{self.get_function_display()}, {self.office}"

    def history_label(self):
        return f"{self.get_function_display()}, {self.officer}"

    def clean(self):
        """One officer serves at one office at a time; there, each function once."""
        super().clean()
        if unknown := set(self.grants) - set(Function.values):
            raise ValidationError({"grants": f"Không có chức năng {', '.join(sorted(unknown))}."})
        if self.office_id is None or self.valid_from is None:
            return
        if not self.office.exists_on(self.valid_from):
            raise ValidationError({"valid_from": f"Ngày này không có {self.office}."})
        if self.officer_id is None:
            return
        if conflict := self.conflict_with(self.overlapping().select_related("office")):
            raise ValidationError(conflict)

    def conflict_with(self, others):
        """Why it cannot stand beside other postings of the officer on the same days; empty where it can."""
        for other in others:
            if other.office_id != self.office_id:
                return f"Cán bộ đang được phân công ở {other.office} ({other.period}): hãy kết thúc phân công đó trước."
            if other.function == self.function:
                return f"Cán bộ đã có chức năng này ở {other.office} ({other.period})."
        return ""

    def overlapping(self):
        """Other postings of the same officer with a day in common."""
        rows = Posting.objects.filter(officer_id=self.officer_id).exclude(pk=self.pk)
        return rows.not_ended_before(self.valid_from).filter(overlapping(self.valid_from, self.valid_to))

    def overlaps(self, other):
        """Whether both hold on a day; with its office a posting ends. As ``overlapping``, without a question."""
        ends = [day for day in (other.valid_to, other.office.valid_to) if day]
        is_before = bool(ends) and min(ends) < self.valid_from
        return not is_before and (self.valid_to is None or other.valid_from <= self.valid_to)

    @property
    def period(self):
        """The days of the posting in words: “từ 01/07/2025 đến 31/12/2025”."""
        start = f"từ {self.valid_from:%d/%m/%Y}"
        return f"{start} đến {self.valid_to:%d/%m/%Y}" if self.valid_to else start

    @property
    def state(self):
        """Where the posting stands today: “ended”, “future” or “current”."""
        if (self.valid_to and self.valid_to < today()) or not self.office.exists_on(today()):
            return "ended"
        return "future" if self.valid_from > today() else "current"

    @property
    def granted(self):
        """The functions of ``grants``, in the order of the table."""
        return [function for function in Function if function in self.grants]


#: Asked on every page: an officer by key, and the postings of an officer on a day.
officers_by_key = Prepared(lambda: Officer.objects.filter(pk=Slot("pk", Officer._meta.pk)))
_postings_on = Prepared(
    lambda: (
        Posting.objects.as_of(Slot("day", models.DateField()))
        .filter(officer=Slot("officer", Officer._meta.pk))
        .with_office()
    )
)
