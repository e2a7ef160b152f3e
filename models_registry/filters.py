"""Filters of the lists of models, of their activities and of their kinds."""

import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from models_registry import periods
from models_registry.enums import ENDED_STATUSES, ModelGrade, ModelPlace, ModelStatus, ModelTheme, RecognitionLevel
from models_registry.models import (
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    SelfManagedModel,
)
from models_registry.models.sites import silent_since
from movement_portal.jurisdictions.scoping import path_range
from movement_portal.lib.dates import FIRST_YEAR, today
from movement_portal.lib.vietnamese import fold, mid_sentence
from units.enums import UnitKind
from units.law import months_before
from units.listing import Filter, ListFilters, Period, between, equals

#: Months without an entry in its log after which a model asks to be looked at.
SILENT_MONTHS = 6
#: The value of a filter that leaves nothing out.
EVERY = "tat_ca"
#: The value of the filter by state for all models that have ended.
OVER = "da_ket_thuc"
#: Parameters of the list by which a figure of the period table opens to its models.
FIGURE, FIGURE_FROM, FIGURE_TO, LEVEL = "chi_tieu", "ky_tu", "ky_den", "cap"
#: Years back that the filter by rating offers.
YEARS = 5
#: The first day that a period without a beginning has.
BEGINNING = datetime.date(FIRST_YEAR, 1, 1)

PRINCIPLES = (
    ("tu_phong", "Tự phòng"),
    ("tu_quan", "Tự quản"),
    ("tu_bao_ve", "Tự bảo vệ"),
    ("tu_hoa_giai", "Tự hòa giải"),
)
PRINCIPLE_COLUMNS = {
    "tu_phong": "is_self_prevention",
    "tu_quan": "is_self_management",
    "tu_bao_ve": "is_self_protection",
    "tu_hoa_giai": "is_self_reconciliation",
}


def quiet_since(months: int = SILENT_MONTHS) -> datetime.date:
    """The day since which a model of the work-list has no activity."""
    return months_before(today(), months)


def state(value: str) -> Q:
    """Models in a state; those that have not ended, those that have, or all."""
    if value == EVERY:
        return Q()
    if value == OVER:
        return Q(status__in=ENDED_STATUSES)
    return Q(status=value) if value else ~Q(status__in=ENDED_STATUSES)


def exemplary(value: str) -> Q:
    """Models recognised as advanced examples, at all or at a level, or never."""
    found = ModelRecognition._base_manager.filter(model=OuterRef("pk"))
    if value in RecognitionLevel.values:
        return Q(Exists(found.filter(level=value)))
    return ~Q(Exists(found)) if value == "chua" else Q(Exists(found))


def rated(value: str) -> Q:
    """Models by the rating of one year: “2025-effective”, or “2025-chua” without one."""
    year, _, grade = value.partition("-")
    rows = ModelRating._base_manager.filter(model=OuterRef("pk"), year=int(year))
    return ~Q(Exists(rows)) if grade == "chua" else Q(Exists(rows.filter(grade=grade)))


def _several(value):
    members = Exists(ModelMember._base_manager.filter(model=OuterRef("pk")))
    return Q(members) if value == "co" else ~Q(members)


def _led_by(value):
    return Q(lead_unit__isnull=value == "co_quan")


def principle(value: str, prefix: str = "kind__") -> Q:
    """Models whose kind rests on one of the four self-principles."""
    return Q(**{f"{prefix}{PRINCIPLE_COLUMNS[value]}": True})


def had_activity(first: datetime.date | None, last: datetime.date | None) -> Q:
    """Models with an entry in their log in the period."""
    return Q(Exists(ModelLogEntry._base_manager.filter(between("held_on")(first, last), model=OuterRef("pk"))))


def asks_nothing(*_) -> Q:
    """The condition of what is only read by others of the list."""
    return Q()


def kind_options() -> list[tuple[str, str]]:
    """All kinds of the catalogue as choices."""
    return [(str(pk), name) for pk, name in ModelKind.objects.order_by("name_sort", "id").values_list("pk", "name")]


def rating_options() -> list[tuple[str, str]]:
    """Each grade of the latest years, the newest first."""
    this = today().year
    grades = [*((value, mid_sentence(label)) for value, label in ModelGrade.choices), ("chua", "chưa xếp loại")]
    return [
        (f"{year}-{value}", f"Năm {year}: {label}") for year in range(this, this - YEARS, -1) for value, label in grades
    ]


class ModelFilters(ListFilters):
    model = SelfManagedModel
    periods = (
        Period("Ra mắt", "tu", "den", between("launched_on")),
        Period("Có hoạt động", "hd_tu", "hd_den", had_activity),
        # Says of which period the figure chosen is; alone it asks nothing.
        Period("Kỳ số liệu", FIGURE_FROM, FIGURE_TO, asks_nothing),
    )
    orderings = {
        "ten": ("name_sort", "id"),
        "dia_ban": ("jurisdiction__name_sort", "name_sort", "id"),
        "ra_mat": ("-launched_on", "-id"),
        "hoat_dong": ("-last_active_on", "-id"),
    }
    placeholder = "Tên, mã mô hình, nơi chủ trì, trưởng mô hình"

    @cached_property
    def filters(self):
        return (
            Filter("loai", "Loại mô hình", kind_options(), equals("kind"), is_first=True),
            Filter(
                "tinh_trang",
                "Tình trạng",
                (("", "Chưa kết thúc"), *ModelStatus.choices, (OVER, "Đã kết thúc"), (EVERY, "Tất cả")),
                state,
                is_first=True,
                nothing="",
            ),
            Filter("linh_vuc", "Lĩnh vực", ModelTheme.choices, equals("kind__theme")),
            Filter("nguyen_tac", "Nguyên tắc", PRINCIPLES, principle),
            Filter(
                "dien_hinh",
                "Điển hình tiên tiến",
                (("co", "Đã công nhận"), *RecognitionLevel.choices, ("chua", "Chưa công nhận")),
                exemplary,
            ),
            Filter("xep_loai", "Xếp loại", rating_options(), rated),
            Filter(
                "im_lang",
                "Lâu không hoạt động",
                (("6", "6 tháng trở lên"), ("12", "12 tháng trở lên")),
                lambda value: silent_since(quiet_since(int(value))),
            ),
            Filter("lien_ket", "Liên kết", (("co", "Nhiều đơn vị, địa bàn"), ("khong", "Một nơi")), _several),
            Filter("chu_tri", "Chủ trì", (("don_vi", "Đơn vị trong sổ"), ("co_quan", "Cơ quan khác")), _led_by),
            Filter("khoi", "Khối", UnitKind.choices, equals("lead_unit__kind")),
            Filter("noi", "Nơi thực hiện", ModelPlace.choices, equals("kind__place")),
            Filter(
                FIGURE,
                "Số liệu trong kỳ",
                [(column.name, column.label) for column in periods.COLUMNS],
                lambda value: periods.condition(periods.BY_NAME[value], *self.figure_days),
            ),
            Filter(LEVEL, "Cấp", (("chinh", "Thuộc chính cấp này, không thuộc xã, phường nào"),), self._at_level),
        )

    @cached_property
    def figure_days(self) -> tuple[datetime.date, datetime.date]:
        """The period of which a figure is asked; without one from the beginning until today."""
        return self.days.get(FIGURE_FROM, BEGINNING), self.days.get(FIGURE_TO, today())

    @cached_property
    def activity_days(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The period in which activities are counted; open where the address names none."""
        return self.days.get("hd_tu"), self.days.get("hd_den")

    def _at_level(self, value):
        """Models that lie, or have a member, at the area itself and not in one below it."""
        here = (self.area or self.user.jurisdiction).pk
        members = ModelMember._base_manager.filter(
            Q(unit__jurisdiction=here) | Q(jurisdiction=here), model=OuterRef("pk")
        )
        return Q(jurisdiction=here) | Q(Exists(members))

    @cached_property
    def everything(self):
        """As of every list; the unit that leads a model is looked for by name only where the officer sees it."""
        rows = self.picked
        near = path_range(self.user.jurisdiction.path, "jurisdiction__path") if self.user.jurisdiction else Q(pk__in=())
        for word in fold(self.text).split():
            begins = f" {word}"
            rows = rows.filter(
                Q(search_folded__contains=begins)
                | Q(kind__search_folded__contains=begins)
                | (near & Q(lead_unit__search_folded__contains=begins))
            )
        return rows


def _of_running(value):
    """Activities of models that run, or of the others."""
    running = Q(model__status=ModelStatus.ACTIVE)
    return running if value == "dang" else ~running


class LogFilters(ListFilters):
    model = ModelLogEntry
    periods = (Period("Hoạt động", "tu", "den", between("held_on")),)
    orderings = {"ngay": ("-held_on", "-id"), "ten": ("model__name_sort", "-held_on", "-id")}
    text_columns = ("model__search_folded", "model__kind__search_folded")
    placeholder = "Tên, mã, loại mô hình"

    @cached_property
    def filters(self):
        return (
            Filter("loai", "Loại mô hình", kind_options(), equals("model__kind"), is_first=True),
            Filter("linh_vuc", "Lĩnh vực", ModelTheme.choices, equals("model__kind__theme"), is_first=True),
            Filter(
                "nguyen_tac", "Nguyên tắc", PRINCIPLES, lambda value: principle(value, "model__kind__"), is_first=True
            ),
            Filter(
                "mo_hinh",
                "Mô hình",
                (("dang", "Đang hoạt động"), ("khac", "Chưa ra mắt hoặc đã kết thúc")),
                _of_running,
            ),
            Filter(
                "luot_nguoi",
                "Lượt người",
                (("co", "Đã ghi số lượt người"), ("chua", "Chưa ghi")),
                lambda value: Q(participation_count__isnull=value == "chua"),
            ),
        )


class KindFilters(ListFilters):
    """Kinds of the catalogue; the area says whose models are counted."""

    model = ModelKind
    orderings = {"ten": ("name_sort", "id")}
    placeholder = "Tên loại mô hình"
    options = (
        Filter(
            "su_dung",
            "Danh mục",
            (("", "Loại đang có mô hình"), ("chua", "Loại chưa có mô hình"), (EVERY, "Cả danh mục")),
            asks_nothing,
            is_first=True,
            nothing="",
        ),
        Filter("linh_vuc", "Lĩnh vực", ModelTheme.choices, equals("theme"), is_first=True),
        Filter("nguyen_tac", "Nguyên tắc", PRINCIPLES, lambda value: principle(value, ""), is_first=True),
        Filter("noi", "Nơi thực hiện", ModelPlace.choices, equals("place")),
        Filter(
            "dung",
            "Còn dùng",
            (("co", "Đang dùng"), ("thoi", "Thôi dùng")),
            lambda value: Q(is_in_use=value == "co"),
        ),
    )

    @cached_property
    def sites(self):
        """The models in reach, in the area, that have been launched and not ended."""
        rows = SelfManagedModel.objects.visible_to(self.user)
        if self.area:
            rows = rows.within(self.area)
        return rows.filter(status=ModelStatus.ACTIVE)

    @cached_property
    def scope(self):
        return ModelKind.objects.visible_to(self.user)

    @cached_property
    def picked(self):
        rows = self.scope.filter(self.condition)
        value = self.chosen.get("su_dung", "")
        if value == EVERY:
            return rows
        used = Q(pk__in=self.sites.order_by().values("kind"))
        return rows.exclude(used) if value == "chua" else rows.filter(used)
