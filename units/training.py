"""What is done with a whole course at once: enrolment, results, certificates (Thông tư 46/2014/TT-BCA, Điều 6, 7)."""

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models import QuerySet

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.turns import take_turn
from movement_portal.lib.vietnamese import nfc
from units.enums import TrainingResult
from units.models import Guard, TrainingAttendance, TrainingCertificate, TrainingCourse

#: The pattern offered where an office has given no number yet.
USUAL_PATTERN = "#/GCN-HLBV"
#: Latest certificates of an office among which the last number is looked for.
LOOKED_AT = 5_000
_NUMBER = re.compile(r"(\d{1,7})(?!\d)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


class TrainingProblem(Exception):
    """The step cannot be taken; the message says why, for the officer."""


class NumberUsed(TrainingProblem):
    """A certificate of the same office bears the number."""


class Done(NamedTuple):
    """How many rows a step changed, and how many it left because a certificate stands on them."""

    count: int
    held: int


def _course(course_id: int, by, permission: str) -> TrainingCourse:
    """The course, locked; raises ``PermissionDenied``. A course of another office is not changed."""
    if not by.has_perm(permission):
        raise PermissionDenied
    course = TrainingCourse.objects.visible_to(by).select_for_update(of=("self",)).get(pk=course_id)
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
def set_results(course_id: int, attendance_ids: Sequence[int], result: TrainingResult, *, by) -> Done:
    """Set the result of guards within reach; who holds a certificate of the course has passed and keeps it."""
    course = _course(course_id, by, "units.change_trainingattendance")
    rows = _ticked(course, attendance_ids, by).exclude(result=result)
    held = 0 if result == TrainingResult.PASSED else rows.filter(guard__in=_certified(course)).count()
    if result != TrainingResult.PASSED:
        rows = rows.exclude(guard__in=_certified(course))
    describe(kind=EventKind.BULK, label=f"Ghi kết quả “{result.label}”: {course.name}")
    return Done(rows.update(result=result), held)


@transaction.atomic
def remove(course_id: int, attendance_ids: Sequence[int], *, by) -> Done:
    """Take guards within reach out of a course, but for those who hold a certificate of it."""
    course = _course(course_id, by, "units.delete_trainingattendance")
    ticked = _ticked(course, attendance_ids, by)
    rows = ticked.exclude(guard__in=_certified(course))
    done = Done(rows.count(), ticked.filter(guard__in=_certified(course)).count())
    describe(kind=EventKind.BULK, label=f"Đưa {done.count} người ra khỏi lớp: {course.name}")
    rows.delete()
    return done


def _ticked(course, attendance_ids, by):
    return TrainingAttendance.objects.visible_to(by).filter(course=course, pk__in=attendance_ids)


def _certified(course):
    """Guards who hold a certificate of the course that was not withdrawn."""
    return TrainingCertificate.objects.filter(course=course, withdrawn_on__isnull=True).values("guard")


def awaiting_certificate(course: TrainingCourse, *, by) -> QuerySet[TrainingAttendance]:
    """Those within reach who passed and have no certificate of the course, in the order numbers are given."""
    passed = TrainingAttendance.objects.visible_to(by).filter(course=course, result=TrainingResult.PASSED)
    with_one = TrainingCertificate.objects.filter(course=course).values("guard")
    return passed.exclude(guard__in=with_one).order_by("guard__given_sort", "guard_id")


def next_number(issuer: str, day: datetime.date, *, by) -> tuple[int, str]:
    """The number that follows the last ones of an office, and their pattern with “#” in its place.

    A pattern that names its year begins at 1 in a new one.
    """
    rows = TrainingCertificate.objects.visible_to(by).filter(issuer=nfc(issuer)).order_by("-issued_on", "-id")
    series = [
        (match[1], pattern)
        for number in rows.values_list("number", flat=True)[:LOOKED_AT]
        if (match := _NUMBER.match(number)) and (pattern := f"#{number[match.end() :]}")
    ]
    if not series:
        return 1, USUAL_PATTERN
    pattern = series[0][1]
    if (year := _YEAR.search(pattern)) and year[0] != str(day.year):
        pattern = pattern.replace(year[0], str(day.year))
    return max((int(number) for number, its in series if its == pattern), default=0) + 1, pattern


@transaction.atomic
def issue_certificates(
    course_id: int, *, issuer: str, issued_on: datetime.date, first_number: int, pattern: str, by
) -> int:
    """Certificates for all within reach who passed and have none of this course; answers how many.

    Numbers run on from the first, put into the pattern for “#”. Older certificates are withdrawn on that day
    (Thông tư 46/2014/TT-BCA, Điều 7). Raises ``TrainingProblem`` for a day before the course ended, ``NumberUsed``
    for a number that the office has given in that year.
    """
    course = _course(course_id, by, "units.add_trainingcertificate")
    # Of two courses that get theirs at once the second sees the numbers of the first.
    take_turn(TrainingCertificate, using=router.db_for_write(TrainingCertificate))
    if issued_on < course.ended_on:
        raise TrainingProblem("Ngày cấp không thể trước ngày kết thúc lớp.")
    guards = list(awaiting_certificate(course, by=by).values_list("guard_id", flat=True))
    if not guards:
        return 0
    numbers = [pattern.replace("#", str(first_number + place)) for place in range(len(guards))]
    _refuse_used(numbers, issuer, issued_on, by)
    describe(kind=EventKind.BULK, label=f"Cấp {len(guards)} giấy chứng nhận: {course.name}")
    old = TrainingCertificate.objects.filter(guard__in=guards, withdrawn_on__isnull=True, issued_on__lte=issued_on)
    old.update(withdrawn_on=issued_on)
    TrainingCertificate.objects.bulk_create(
        [
            TrainingCertificate(
                guard_id=guard_id,
                course=course,
                number=number,
                issuer=nfc(issuer),
                issued_on=issued_on,
            )
            for guard_id, number in zip(guards, numbers, strict=True)
        ]
    )
    return len(guards)


def _refuse_used(numbers, issuer, issued_on, by):
    given = TrainingCertificate.objects.visible_to(by).filter(
        number__in=numbers, issuer=nfc(issuer), issued_on__year=issued_on.year
    )
    if first := given.select_related("guard").order_by("id").first():
        following, pattern = next_number(issuer, issued_on, by=by)
        raise NumberUsed(
            f"Số {first.number} đã cấp cho {first.guard.name} ngày {first.issued_on:%d/%m/%Y}. "
            f"Số tiếp theo chưa dùng: {pattern.replace('#', str(following))}."
        )
