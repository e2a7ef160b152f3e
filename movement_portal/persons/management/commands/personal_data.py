"""All that is held on one person, with who has viewed it: the answer to a request of the person."""

import getpass
import json
from collections.abc import Iterator, Sequence

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import Change
from movement_portal.audit.presenting import column_order, field_label, model_of
from movement_portal.audit.recording import act, note
from movement_portal.lib.vietnamese import fold, mid_sentence, nfc
from movement_portal.persons.citizen_ids import NotANumber, index_of
from movement_portal.persons.holdings import Holding, Person, holdings
from movement_portal.persons.keys import KeyProblem
from movement_portal.persons.models import PersonalRead


class Command(BaseCommand):
    help = (
        "Gom mọi điều cổng lưu về một người và ai đã xem, theo họ tên hoặc số định danh; số định danh hỏi khi chạy, "
        "không gõ trên dòng lệnh. Lần chạy được ghi vào nhật ký."
    )

    def add_arguments(self, parser):
        parser.add_argument("--name", default="", help="họ và tên đầy đủ, không cần dấu")
        parser.add_argument("--number", action="store_true", help="tìm theo số định danh, cổng sẽ hỏi số")
        parser.add_argument("--reason", required=True, help="lý do, ví dụ số công văn của yêu cầu")
        parser.add_argument("--json", action="store_true", help="in dạng JSON cho máy khác đọc")

    def handle(self, *, name, number, reason, json, **options):
        folded = fold(nfc(name))
        if not folded and not number:
            raise CommandError("Ghi họ tên (--name) hoặc dùng --number.")
        try:
            index = index_of(getpass.getpass("Số định danh: ")) if number else ""
        except (NotANumber, KeyProblem) as problem:
            raise CommandError(str(problem)) from problem
        found = []
        for holding in holdings():
            persons = list(holding.find(folded, index))
            found += [(holding, told(holding, person)) for person in persons]
            found += [(holding, record) for record in told_by_history(holding, folded, persons)]
        with act(EventKind.READ):
            note(kind=EventKind.READ, label=f"Gom dữ liệu cá nhân: {len(found)} bản ghi", reason=reason)
        self.stdout.write(as_json(found) if json else as_text(found))


def told(holding: Holding, person: Person) -> dict:
    """One record about a person in words: facts, changes, and who has viewed it."""
    changes = Change.objects.told_by(person.record).select_related("event").order_by("id")
    return in_words(holding, person.name, dict(person.facts), changes, PersonalRead.objects.of(person.record))


def told_by_history(holding: Holding, folded: str, persons: Sequence[Person]) -> Iterator[dict]:
    """Records that named the person once, or are deleted: only their history tells of them, and who has viewed them.

    History has no index of names: it is read through, as long as that takes.
    """
    if not folded:
        return
    known = {(person.record._meta.label_lower, person.record.pk) for person in persons}
    for model, columns in holding.named_in:
        label = model._meta.label_lower
        held = Change.objects.filter(model=label).filter(
            Q(before__has_any_keys=list(columns)) | Q(after__has_any_keys=list(columns))
        )
        naming: dict[int, list[int]] = {}
        name = ""
        for pk, record, before, after in (
            held.order_by("id").values_list("id", "object_id", "before", "after").iterator()
        ):
            texts = {values.get(column) for values in (before, after) for column in columns}
            if same := [text for text in texts if isinstance(text, str) and fold(text) == folded]:
                name = same[0]
                naming.setdefault(record, []).append(pk)
        for record, pks in naming.items():
            if (label, record) in known:
                continue
            changes = Change.objects.filter(pk__in=pks).select_related("event").order_by("id")
            facts = {"Chỉ còn trong lịch sử": changes.last().label}
            reads = PersonalRead.objects.filter(model=label, object_id=record)
            yield in_words(holding, name, facts, changes, reads)


def in_words(holding: Holding, name: str, facts: dict, changes, reads) -> dict:
    """What is held of one record, as both forms of the answer print it."""
    return {
        "loại": holding.title,
        "họ tên": name,
        "đang lưu": facts,
        "mục đích": holding.purpose,
        "lưu bao lâu": " ".join(holding.period_lines),
        "thay đổi": [
            {
                "lúc": moment(change.event.at),
                "cán bộ": change.event.officer_name or "Hệ thống",
                "việc": change.get_action_display(),
                "mục": [
                    field_label(model_of(change.model), column)
                    for column in column_order(model_of(change.model), {**change.before, **change.after})
                ],
            }
            for change in changes
        ],
        "đã xem đầy đủ": [
            {"lúc": moment(read.at), "cán bộ": read.officer_name, "cơ quan": read.office_name, "lý do": read.reason}
            for read in reads.order_by("at", "id")
        ],
    }


def moment(at) -> str:
    """A moment of the office's clock."""
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def as_json(found) -> str:
    """The records as JSON."""
    return json.dumps([record for _, record in found], ensure_ascii=False, indent=2)


def as_text(found) -> str:
    """The records as a text to be printed and signed."""
    if not found:
        return "Cổng không lưu gì về người này."
    lines = []
    for number, (_, record) in enumerate(found, 1):
        lines += ["", f"{number}. {record['loại']}: {record['họ tên']}", f"   Mục đích: {record['mục đích']}"]
        lines.append(f"   Lưu bao lâu: {record['lưu bao lâu']}")
        lines += [f"   {label}: {value}" for label, value in record["đang lưu"].items()]
        lines.append(f"   Thay đổi: {len(record['thay đổi'])}")
        for change in record["thay đổi"]:
            what = f"{mid_sentence(change['việc'])}: {', '.join(change['mục'])}"
            lines.append(f"     {change['lúc']} {change['cán bộ']}: {what}")
        lines.append(f"   Đã xem đầy đủ số định danh: {len(record['đã xem đầy đủ'])}")
        lines += [
            f"     {read['lúc']} {read['cán bộ']}, {read['cơ quan']}: {read['lý do']}"
            for read in record["đã xem đầy đủ"]
        ]
    return "\n".join(lines).lstrip("\n")
