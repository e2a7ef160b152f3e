"""What the register holds on persons: guards, and the heads and contacts of units."""

from collections.abc import Iterable

from django.db.models import Q

from movement_portal.lib.vietnamese import fold, mid_sentence
from movement_portal.persons.holdings import Holding, Person, facts_of, register
from units.enums import HoldingSubject
from units.models import Guard, SecurityTeam, Unit
from units.retention.rules import period_in_words

GUARD_FACTS = (
    "name", "birth_on", "birth_year", "sex", "unit", "role", "kind", "education", "former_force", "started_on",
    "ended_on", "staff_card_number", "staff_card_on", "staff_card_returned_on", "citizen_id",
)  # fmt: skip


def _guards(folded: str, index: str) -> Iterable[Person]:
    asked = Q()
    if folded:
        asked |= Q(search_folded__contains=f" {folded} ")
    if index:
        asked |= Q(citizen_id_index=index)
    for guard in Guard.objects.filter(asked).select_related("unit").order_by("id"):
        if guard.citizen_id_index != index and folded and fold(guard.name) != folded:
            continue
        facts = facts_of(guard, GUARD_FACTS)
        for attendance in guard.attendances.select_related("course"):
            facts.append(("Lớp huấn luyện", f"{attendance.course}: {mid_sentence(attendance.get_result_display())}"))
        for row in guard.certificates.all():
            until = f"{row.issued_on:%d/%m/%Y} – {row.expires_on:%d/%m/%Y}"
            facts.append((f"Giấy chứng nhận {row.number}", f"{row.issuer}, {until}"))
        yield Person(guard, guard.name, facts)


def _heads(folded: str, index: str) -> Iterable[Person]:
    """Persons named on units and teams have no number: they are found by their whole name."""
    if not folded:
        return
    for unit in Unit.objects.filter(search_folded__contains=f" {folded.split()[0]} ").order_by("id"):
        for place in ("head", "contact"):
            if fold(getattr(unit, f"{place}_name")) == folded:
                facts = facts_of(unit, ("name", f"{place}_name", f"{place}_title", f"{place}_phone"))
                yield Person(unit, getattr(unit, f"{place}_name"), facts)
    for team in SecurityTeam.objects.filter(search_folded__contains=folded).select_related("unit").order_by("id"):
        if fold(team.leader_name) == folded:
            yield Person(team, team.leader_name, facts_of(team, ("unit", "name", "leader_name", "leader_phone")))


def _period_of_guards() -> tuple[str, ...]:
    return (
        "Khi còn làm bảo vệ. Sau khi thôi làm:",
        f"Số định danh: {period_in_words(HoldingSubject.GUARD_NUMBER)}",
        f"Họ tên và các dữ liệu khác: {period_in_words(HoldingSubject.GUARD)}",
    )


def _period_of_heads() -> tuple[str, ...]:
    return (
        "Khi còn giữ chức vụ. Sau khi thôi:",
        f"Người đứng đầu, đầu mối của đơn vị: {period_in_words(HoldingSubject.UNIT_PERSON)}",
        f"Người phụ trách bảo vệ: {period_in_words(HoldingSubject.TEAM_LEADER)}",
    )


def register_persons() -> None:
    """Declare the kinds of persons that the register holds."""
    register(
        Holding(
            slug="nguoi-bao-ve",
            title="Người bảo vệ",
            model=Guard,
            held=(
                "Họ tên, ngày hoặc năm sinh, giới tính",
                "Đơn vị, chức danh, loại, thời gian làm, trình độ, từng phục vụ trong Công an, Quân đội",
                "Số giấy chứng nhận nhân viên bảo vệ; lớp huấn luyện, kết quả, giấy chứng nhận huấn luyện",
                "Số định danh cá nhân (không bắt buộc): mã hóa, chỉ hiện ba số đầu và ba số cuối, mỗi lần xem đầy đủ "
                "phải ghi lý do",
            ),
            purpose="Quản lý tiêu chuẩn, huấn luyện và cấp giấy chứng nhận của lực lượng bảo vệ.",
            basis="Nghị định 06/2013/NĐ-CP, Điều 6; Thông tư 46/2014/TT-BCA, Điều 6, 7",
            period=_period_of_guards,
            not_held=(
                "Gia đình, tôn giáo, dân tộc, sức khỏe, tiền án, tiền sự",
                "Ảnh căn cước, địa chỉ nhà, điện thoại riêng",
                "Danh sách nhân viên của công ty dịch vụ bảo vệ: chỉ ghi công ty và số người",
            ),
            find=_guards,
            named_in=((Guard, ("name",)),),
            order=10,
        )
    )
    register(
        Holding(
            slug="nguoi-dung-dau",
            title="Người đứng đầu, đầu mối của đơn vị; người phụ trách bảo vệ",
            model=Unit,
            held=("Họ tên, chức vụ, điện thoại công việc",),
            purpose="Liên hệ với đơn vị về phong trào và an ninh, trật tự.",
            basis="Thông tư 124/2021/TT-BCA",
            period=_period_of_heads,
            not_held=("Số định danh, ngày sinh, địa chỉ nhà", "Tên người học: chỉ ghi số lượng"),
            find=_heads,
            named_in=((Unit, ("head_name", "contact_name")), (SecurityTeam, ("leader_name",))),
            order=20,
        )
    )
