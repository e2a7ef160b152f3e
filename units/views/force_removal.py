"""Taking away a record of guard forces that was entered by mistake: asked once more, told what goes along."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from movement_portal.audit.recording import describe
from movement_portal.lib.numbers import written
from units.models import Guard, SecurityTeam, TeamReview, TeamStrength, TrainingCertificate, TrainingCourse
from units.views.teams import force_crumbs


def nothing(_):
    """Nothing to say of a record."""
    return ""


@dataclass(frozen=True)
class Removal:
    """One kind of record: which an officer may take away, the page of whose it is, what goes along with it."""

    rows: Callable[[Any], models.QuerySet]
    #: The record whose page follows; the record itself where nothing is above it.
    owner: Callable[[Any], Any]
    #: What goes along and what is better done instead.
    told: Callable[[Any], str] = nothing
    #: Why it cannot go; empty where it can.
    kept: Callable[[Any], str] = nothing
    #: URL name of the list that follows where nothing is above the record.
    list_url: str = ""


def _of(model, *related):
    return lambda user: model.objects.visible_to(user).select_related(*related)


def _team_kept(team):
    guards = team.guards.count()
    if not guards:
        return ""
    return (
        f"Còn {written(guards)} người bảo vệ ghi ở lực lượng này. Lực lượng đã giải thể thì ghi ngày giải thể; "
        "ghi nhầm thì chuyển những người ấy sang lực lượng khác trước."
    )


def _going_along(*counts):
    """“Cùng mất: 3 lượt học.” of counts and what they count; nothing where nothing goes along."""
    gone = [f"{written(count)} {noun}" for count, noun in counts if count]
    return f"Cùng mất: {', '.join(gone)}. " if gone else ""


def _team_told(team):
    gone = _going_along((team.strengths.count(), "lần ghi quân số"), (team.reviews.count(), "năm xếp loại, kỷ luật"))
    return f"{gone}Lực lượng đã giải thể, hết hợp đồng thì không xóa: ghi ngày, số của các năm trước giữ nguyên."


def _guard_told(guard):
    gone = _going_along(
        (guard.attendances.count(), "lượt học"), (guard.certificates.count(), "giấy chứng nhận huấn luyện")
    )
    return f"{gone}Người đã thôi làm thì không xóa: ghi “Làm đến hết ngày”, số của các năm trước giữ nguyên."


def _guard_kept(guard):
    return "Dữ liệu cá nhân của người này đã xóa theo thời hạn lưu; hồ sơ còn để thống kê." if guard.erased_on else ""


def _course_kept(course):
    issued = course.certificates.count()
    if not issued:
        return ""
    return f"Đã cấp {written(issued)} giấy chứng nhận của lớp này: xóa giấy ghi nhầm trước."


def _course_told(course):
    return _going_along((course.attendances.count(), "lượt học với kết quả"))


def _certificate_told(_):
    return "Giấy đã thu hồi, đã đổi thì không xóa: ghi ngày thu hồi."


TEAM = Removal(_of(SecurityTeam, "unit"), lambda team: team.unit, _team_told, _team_kept)
STRENGTH = Removal(_of(TeamStrength, "team__unit"), lambda row: row.team)
REVIEW = Removal(_of(TeamReview, "team__unit"), lambda row: row.team)
GUARD = Removal(_of(Guard, "unit"), lambda guard: guard.unit, _guard_told, _guard_kept)
COURSE = Removal(
    lambda user: TrainingCourse.objects.editable_by(user),
    lambda course: course,
    _course_told,
    _course_kept,
    list_url="forces:course_list",
)
CERTIFICATE = Removal(
    _of(TrainingCertificate, "guard__unit"),
    lambda row: row.guard,
    _certificate_told,
)


@require_http_methods(["GET", "POST"])
def force_delete(request, pk, removal: Removal):
    """Asks once more, then takes the record away; its history stays."""
    model = removal.rows(request.user).model
    if not request.user.has_perm(f"units.delete_{model._meta.model_name}"):
        raise PermissionDenied
    row = get_object_or_404(removal.rows(request.user), pk=pk)
    owner, name = removal.owner(row), f"{model._meta.verbose_name} “{row}”"
    kept = removal.kept(row)
    if request.method == "POST" and not kept:
        describe(label=f"Xóa {name}"[:200])
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            kept = removal.kept(row) or "Có bản ghi khác vừa gắn với bản ghi này: mở lại trang rồi xem."
        else:
            messages.success(request, f"Đã xóa {name}.")
            return redirect(removal.list_url or owner)
    context = {
        "name": name,
        "kept": kept,
        "told": removal.told(row),
        "back": getattr(row, "get_absolute_url", owner.get_absolute_url)(),
        "crumbs": [*force_crumbs(), (str(owner), owner.get_absolute_url())],
    }
    return render(request, "units/force_delete.html", context, status=422 if request.method == "POST" else 200)
