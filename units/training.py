"""What is done with a whole course at once: enrolment, results, certificates (Thông tư 46/2014/TT-BCA, Điều 6, 7)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.spreadsheets.fields import name_sort_forms
from units.enums import TrainingResult
from units.models import Guard, TrainingAttendance, TrainingCertificate, TrainingCourse

#: Names of one paste.
LINES = 1_000


class TrainingProblem(Exception):
    """The step cannot be taken; the message says why, for the officer."""


@dataclass
class NamedLine:
    """One pasted line, and the guards within reach that it may mean."""

    text: str
    guards: list[Guard] = field(default_factory=list)


def guards_named(text: str, *, by) -> list[NamedLine]:
    """The guards at work that pasted lines name: “Họ tên; năm sinh; đơn vị”, the name alone where it is enough.

    Raises ``TrainingProblem`` for more than ``LINES`` lines. One query for all of them.
    """
    lines = [parts for line in text.splitlines() if (parts := _parts(line))]
    if len(lines) > LINES:
        raise TrainingProblem(f"Mỗi lần dán không quá {LINES} dòng.")
    forms = {form for parts in lines for form in name_sort_forms(parts[0])}
    found: dict[str, list[Guard]] = {}
    guards = Guard.objects.visible_to(by).serving().filter(name_sort__in=forms).select_related("unit")
    for guard in guards.order_by("unit__name_sort", "id"):
        found.setdefault(guard.name_sort, []).append(guard)
    named = []
    for name, *more in lines:
        keys = dict.fromkeys(name_sort_forms(name))
        candidates = [guard for key in keys for guard in found.get(key, ())]
        named.append(NamedLine("; ".join([name, *more]), _narrowed(candidates, more)))
    return named


def _parts(line: str) -> list[str]:
    parts = [nfc(part) for part in line.replace("\t", ";").split(";")]
    parts = [part for part in parts if part]
    if parts and parts[0].rstrip(".").isdecimal():
        # A number of order in front, as lists have it.
        parts = parts[1:]
    return parts


def _narrowed(guards: list[Guard], more: Iterable[str]) -> list[Guard]:
    """Those whose year of birth and unit are what the rest of the line says."""
    for part in more:
        digits = part[-4:]
        if digits.isdecimal() and len(digits) == 4:
            guards = [guard for guard in guards if guard.birth_year in (None, int(digits))]
        elif word := fold(part):
            guards = [guard for guard in guards if word in guard.unit.search_folded or word in fold(guard.unit.name)]
    return guards


def _course(course_id: int, by, permission: str) -> TrainingCourse:
    """The course, locked; raises ``PermissionDenied``. A course of another office is not changed."""
    if not by.has_perm(permission):
        raise PermissionDenied
    course = TrainingCourse.objects.select_for_update(of=("self",)).visible_to(by).get(pk=course_id)
    if not covers(by.jurisdiction, course.jurisdiction):
        raise PermissionDenied
    return course


@transaction.atomic
def enrol(course_id: int, guard_ids: Sequence[int], *, by) -> int:
    """Put guards within the officer's reach into a course; answers how many were not in it yet."""
    course = _course(course_id, by, "units.add_trainingattendance")
    wanted = set(Guard.objects.visible_to(by).filter(pk__in=guard_ids).values_list("pk", flat=True))
    there = set(course.attendances.filter(guard__in=wanted).values_list("guard_id", flat=True))
    new = sorted(wanted - there)
    if new:
        describe(kind=EventKind.BULK, label=f"Ghi {len(new)} người vào lớp: {course.name}")
        TrainingAttendance.objects.bulk_create(
            [TrainingAttendance(course=course, guard_id=guard_id) for guard_id in new]
        )
    return len(new)


@transaction.atomic
def set_results(course_id: int, attendance_ids: Sequence[int], result: TrainingResult, *, by) -> int:
    """Set the result of guards within reach; answers how many changed."""
    course = _course(course_id, by, "units.change_trainingattendance")
    rows = TrainingAttendance.objects.visible_to(by).filter(course=course, pk__in=attendance_ids).exclude(result=result)
    describe(kind=EventKind.BULK, label=f"Ghi kết quả “{result.label}”: {course.name}")
    return rows.update(result=result)


@transaction.atomic
def remove(course_id: int, attendance_ids: Sequence[int], *, by) -> int:
    """Take guards within reach out of a course; answers how many."""
    course = _course(course_id, by, "units.delete_trainingattendance")
    rows = TrainingAttendance.objects.visible_to(by).filter(course=course, pk__in=attendance_ids)
    count = rows.count()
    describe(kind=EventKind.BULK, label=f"Đưa {count} người ra khỏi lớp: {course.name}")
    rows.delete()
    return count


@transaction.atomic
def issue_certificates(
    course_id: int, *, issuer: str, issued_on: datetime.date, first_number: int, pattern: str, by
) -> int:
    """Certificates for all within reach who passed and have none of this course; answers how many.

    Numbers run on from the first, put into the pattern for “#”. Older certificates are withdrawn on that day
    (Thông tư 46/2014/TT-BCA, Điều 7). Raises ``TrainingProblem`` for a day before the course ended.
    """
    course = _course(course_id, by, "units.add_trainingcertificate")
    if issued_on < course.ended_on:
        raise TrainingProblem("Ngày cấp không thể trước ngày kết thúc lớp.")
    passed = TrainingAttendance.objects.visible_to(by).filter(course=course, result=TrainingResult.PASSED)
    with_one = TrainingCertificate.objects.filter(course=course).values("guard")
    guards = list(
        passed.exclude(guard__in=with_one).order_by("guard__given_sort", "guard_id").values_list("guard_id", flat=True)
    )
    if not guards:
        return 0
    describe(kind=EventKind.BULK, label=f"Cấp {len(guards)} giấy chứng nhận: {course.name}")
    old = TrainingCertificate.objects.filter(guard__in=guards, withdrawn_on__isnull=True, issued_on__lte=issued_on)
    old.update(withdrawn_on=issued_on)
    TrainingCertificate.objects.bulk_create(
        [
            TrainingCertificate(
                guard_id=guard_id,
                course=course,
                number=pattern.replace("#", str(first_number + place)),
                issuer=nfc(issuer),
                issued_on=issued_on,
            )
            for place, guard_id in enumerate(guards)
        ]
    )
    return len(guards)
