"""Officers: accounts, and the postings that give each an area and functions."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models.offices import PoliceOffice
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet, path_range
from movement_portal.lib.dates import today, valid_on
from movement_portal.lib.tracking import TrackedModel, TrackedQuerySet
from movement_portal.lib.vietnamese import fold, given_sort_key, nfc


class OfficerQuerySet(TrackedQuerySet):
    def visible_to(self, user):
        """Officers posted today, or for want of a present posting last, in the area of the one who asks."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        postings = Posting.objects.filter(officer=OuterRef("pk"))
        current = postings.filter(valid_on(today()))
        inside = path_range(user.jurisdiction.path, "office__jurisdiction__path")
        return self.filter(Exists(current.filter(inside)) | (~Exists(current) & Exists(postings.filter(inside))))


class OfficerManager(BaseUserManager.from_queryset(OfficerQuerySet)):
    def create_user(self, username, password=None, **fields):
        """An account with a usable password; without one nobody can sign in to it."""
        officer = self.model(username=self.model.normalize_username(username), **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


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
    given_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.CharField(max_length=250, editable=False)
    #: Rights come from postings alone: there is no superuser and nothing hangs on the account itself.
    is_superuser = False
    groups = None
    user_permissions = None

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

    def __str__(self):
        return self.full_name or self.username

    def derive(self):
        self.full_name = nfc(self.full_name)
        self.given_sort = given_sort_key(self.full_name)
        self.search_folded = fold(f"{self.full_name} {self.username}")

    @classmethod
    def area_paths(cls, rows):
        paths = dict(
            Posting.objects.filter(officer__in=[row.pk for row in rows])
            .order_by(F("valid_from").asc())
            .values_list("officer_id", "office__jurisdiction__path")
        )
        return [paths.get(row.pk, "") for row in rows]

    @cached_property
    def current_postings(self):
        """Postings of today at one office: the one that began last, where two overlap."""
        postings = list(
            self.postings.filter(valid_on(today()))
            .select_related("office__jurisdiction", "office__parent")
            .order_by("-valid_from", "-id")
        )
        return [posting for posting in postings if posting.office_id == postings[0].office_id]

    @property
    def office(self):
        """Police office of today, or None."""
        return self.current_postings[0].office if self.current_postings else None

    @property
    def jurisdiction(self):
        """Area of today's posting, or None; what the officer sees is this area and below."""
        return self.office.jurisdiction if self.office else None

    @property
    def functions(self):
        """Functions of today, as a set of ``Function``."""
        return {Function(posting.function) for posting in self.current_postings}

    @property
    def is_staff(self):
        """Whether the admin pages open: for every posted officer; what they show follows from scope and permissions."""
        return self.is_active and bool(self.current_postings)

    def get_short_name(self):
        return self.full_name.split(" ")[-1]


class PostingQuerySet(ScopedQuerySet):
    path_lookup = "office__jurisdiction__path"

    def as_of(self, date):
        """Postings in force on the date."""
        return self.filter(valid_on(date))


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

    label_relations = ("office",)
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
            models.CheckConstraint(
                name="posting_ends_after_start",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self):
        return f"{self.get_function_display()}, {self.office}"
