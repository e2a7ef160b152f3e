"""The people of one course as a list that goes out: to be printed, signed, or filled in with results and sent back."""

from movement_portal.lib.numbers import written
from movement_portal.spreadsheets.exporting import ExportLink, Listing
from movement_portal.spreadsheets.writing import Kind
from units.enums import TrainingResult
from units.models import TrainingAttendance, TrainingCertificate, TrainingCourse
from units.tables.records import out_column, with_areas, word_of

#: Headers that the sheet of people of courses knows: filled in, the file comes in again.
COLUMNS = (
    out_column("Họ và tên", "guard__name", width=26),
    out_column("Năm sinh", "guard__birth_year", width=10),
    out_column("Đơn vị", "guard__unit__name", width=44),
    out_column("Mã đơn vị", "guard__unit__code", width=12),
    out_column("Địa bàn", "area", width=32),
    out_column("Lớp huấn luyện", "course", width=44),
    out_column("Kết quả", word_of(TrainingResult, "result"), width=14),
    out_column("Số giấy chứng nhận", "number"),
    out_column("Ngày cấp", "issued_on", Kind.DATE),
)


def course_links(xlsx: str, csv: str) -> list[ExportLink]:
    """The entries of the menu: the list as two kinds of file."""
    return [
        ExportLink("Excel, để in hoặc ghi kết quả", "file-earmark-spreadsheet", xlsx),
        ExportLink("CSV", "filetype-csv", csv),
    ]


def course_listing(course: TrainingCourse, user) -> Listing:
    """Everybody of the course within the officer's reach, by given name; four queries whatever their number."""
    own = TrainingAttendance.objects.visible_to(user).filter(course=course)
    rows = list(
        own.order_by("guard__given_sort", "id").values(
            "guard_id",
            "guard__name",
            "guard__birth_year",
            "guard__unit__name",
            "guard__unit__code",
            "guard__unit__jurisdiction_id",
            "result",
        )
    )
    issued = TrainingCertificate.objects.visible_to(user).filter(course=course)
    papers = {guard: (number, day) for guard, number, day in issued.values_list("guard_id", "number", "issued_on")}
    for row in with_areas(rows, user.jurisdiction, "guard__unit__jurisdiction_id"):
        row["number"], row["issued_on"] = papers.get(row["guard_id"], ("", None))
        row["course"] = str(course)
    return Listing(
        title=f"Danh sách học viên {course.name}",
        stem="hoc-vien-lop-huan-luyen",
        columns=[column.out for column in COLUMNS],
        rows=([column.value(row) for column in COLUMNS] for row in rows),
        filters=[("Lớp", str(course))],
        about=[("Cơ quan tổ chức", course.organiser), ("Số lượt người", written(len(rows)))],
    )
