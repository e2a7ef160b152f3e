"""Check a list, and write it where asked to, on behalf of an officer."""

import json
from collections import Counter
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.management.base import CommandError

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.search import areas_called
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import accented_key, fold
from movement_portal.spreadsheets import correcting, workflow
from movement_portal.spreadsheets.areas import log_refusals
from movement_portal.spreadsheets.checking import check
from movement_portal.spreadsheets.commands import SheetCommand
from movement_portal.spreadsheets.corrections import Corrections, Fix, remembered_fixes
from movement_portal.spreadsheets.enums import Answer, BatchState, CommitMode, ExistingMode, FixAction, RowOutcome
from movement_portal.spreadsheets.guarding import refuse_passwords
from movement_portal.spreadsheets.judgements import row_of
from movement_portal.spreadsheets.matching import IGNORED, UnknownField, is_choice
from movement_portal.spreadsheets.memory import remembered_columns, remembered_constants
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.offering import offered
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.returning import EVERY, workbook_of
from movement_portal.spreadsheets.sheets import Sheet, header_test
from movement_portal.spreadsheets.tables import UnreadableFile
from movement_portal.spreadsheets.values import ValueProblem
from movement_portal.spreadsheets.ways import DIVIDED, FILLED, HIDDEN, LEAVE, Ways

OUTCOME_LABELS = {
    RowOutcome.NEW: "thêm mới",
    RowOutcome.CHANGED: "thay đổi",
    RowOutcome.SAME: "không đổi",
    RowOutcome.ASKED: "có ô mà tệp và sổ cùng sửa",
    RowOutcome.REFUSED: "bị từ chối",
}


def mapping_of(plans):
    """What the columns of worksheets fill, as a batch keeps it."""
    return {each.table.name: {match.header: match.choice for match in each.matches} for each in plans}


def offers_in_words(offer):
    """What a worksheet leaves open and what was chosen, with the option that chooses otherwise."""
    ways = offer["ways"]
    if hidden := offer.get("hidden_rows"):
        told = f"{hidden['count']} dòng đang bị ẩn trong tệp ({hidden['why']}): dòng {hidden['numbers']}"
        chosen = "để ngoài" if ways.get(HIDDEN) else "vẫn nhập; thêm --hidden-rows leave để chừa ra"
        yield f"{told}; {chosen}"
    if columns := offer.get("hidden_columns"):
        yield f"cột đang ẩn trong tệp: {', '.join(columns)}; vẫn đọc, thêm --map CỘT=- để bỏ qua"
    for header, blocks in offer.get("blocks", {}).items():
        chosen = "lấy theo dòng trên"
        if header not in ways.get(FILLED, ()):
            chosen = f"thêm --fill-down “{header}” để {chosen}"
        yield f"cột “{header}” có {blocks['count']} ô trống dưới ô đã ghi; {chosen}"
    if divided := offer.get("divided"):
        chosen = "đang tách" if ways.get(DIVIDED) else f"thêm --split “{divided['header']}” để tách"
        yield f"cột “{divided['header']}” ghi cả tên, địa chỉ, điện thoại; {chosen}"


class Command(SheetCommand):
    help = (
        "Kiểm tra một danh sách và cho biết sẽ thêm, đổi, từ chối dòng nào. Chỉ ghi vào sổ khi có --commit; khi đó các "
        "dòng hợp lệ được ghi, các dòng bị từ chối được liệt kê (với --all-or-nothing thì còn một dòng bị từ chối là "
        "không ghi dòng nào). Mã thoát: 0 xong, 1 không làm được (tệp, quyền, tham số), 2 sai cú pháp lệnh, "
        "3 không ghi vì còn dòng bị từ chối hoặc sổ vừa thay đổi."
    )

    def add_arguments(self, parser):
        parser.add_argument("sheet", help="loại bảng, ví dụ: units")
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp .xlsx, .xls, .ods hoặc .csv")
        parser.add_argument("--officer", required=True, metavar="NAME", help="tên đăng nhập của cán bộ nhập")
        parser.add_argument("--area", default="", metavar="CODE", help="mã địa bàn cho dòng không rõ xã, phường")
        parser.add_argument(
            "--map", action="append", default=[], metavar="CỘT=TRƯỜNG", help="ghép một cột; CỘT=- để bỏ qua cột"
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="TRƯỜNG=GIÁ TRỊ",
            help="giá trị chung khi không có cột; không ghi thì dùng giá trị nhớ từ danh sách trước có cùng các cột, "
            "TRƯỜNG= thì không dùng",
        )
        parser.add_argument(
            "--worksheet",
            "--sheet",
            dest="worksheet",
            action="append",
            default=[],
            metavar="TÊN",
            help="chỉ đọc trang tính này; ghi nhiều lần cho nhiều trang",
        )
        parser.add_argument(
            "--fix",
            action="append",
            default=[],
            metavar="LỖI=CÁCH SỬA",
            help="sửa mọi dòng có lỗi; LỖI là “CỘT:GIÁ TRỊ” hoặc tên lỗi, CÁCH SỬA là giá trị đúng, mã địa bàn, "
            "để trống (bỏ trống ô) hoặc - (để các dòng ra ngoài)",
        )
        parser.add_argument(
            "--mode",
            choices=[mode.value for mode in ExistingMode],
            default=ExistingMode.UPDATE.value,
            help="với bản ghi đã có: cập nhật, chỉ điền chỗ trống, hoặc giữ nguyên",
        )
        parser.add_argument(
            "--hidden-rows",
            choices=["take", LEAVE],
            default="take",
            help="dòng đang bị lọc hoặc ẩn trong tệp: take vẫn nhập và ghi rõ ở từng dòng (mặc định), leave để ngoài",
        )
        parser.add_argument(
            "--fill-down",
            action="append",
            default=[],
            metavar="CỘT",
            help="ô trống của cột lấy theo dòng trên, khi giá trị chỉ ghi ở dòng đầu của mỗi khối; ghi được nhiều lần",
        )
        parser.add_argument(
            "--split",
            action="append",
            default=[],
            metavar="CỘT",
            help="ô của cột ghi cả tên, địa chỉ, điện thoại: tách ra, khi tệp không có cột địa chỉ",
        )
        parser.add_argument("--commit", action="store_true", help="ghi vào sổ")
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--partial", action="store_true", help="ghi các dòng hợp lệ, để lại các dòng bị từ chối (mặc định)"
        )
        which.add_argument("--all-or-nothing", action="store_true", help="chỉ ghi khi không dòng nào bị từ chối")
        parser.add_argument(
            "--both-changed",
            choices=Answer.values,
            help="ô mà tệp gửi lại và sổ cùng sửa: file lấy theo tệp, register giữ của sổ; không có thì để lại dòng",
        )
        parser.add_argument("--json", action="store_true", help="kết quả dạng JSON")

    def handle(self, *args, **options):
        sheet = self.find_sheet(options["sheet"])
        officer = self.find_officer(options["officer"])
        try:
            workflow.require_right(sheet, officer)
        except PermissionDenied:
            raise CommandError(f"Cán bộ {officer.username} không có quyền nhập bảng “{sheet.label}”.") from None
        area = self.find_area(options["area"], officer)
        try:
            plan = self.plan(sheet, officer, options)
            if options["commit"]:
                answer = self.commit(sheet, plan, officer, area, options)
            else:
                answer = self.preview(sheet, plan, officer, area, options)
        except (UnreadableFile, UnknownField, ValueProblem, workflow.ImportRefused) as problem:
            raise CommandError(str(problem)) from None
        self.tell(sheet, answer, options)
        if options["commit"] and not answer["committed"]:
            raise CommandError(answer["message"], returncode=3)

    # -- what is asked for ---------------------------------------------------------------------------------------------
    def plan(self, sheet, officer, options):
        """Worksheets of the file and what their columns fill, with the choices of the command line."""
        path = options["file"]
        if path.is_dir():
            raise CommandError(f"“{path}” là một thư mục: ghi đường dẫn của tệp.")
        if not path.is_file():
            raise CommandError(f"Không có tệp “{path}”.")
        workbook = read_workbook(path, path.name, known_header=header_test(sheet))
        refuse_passwords(workbook)
        if unknown := set(options["worksheet"]) - {table.name for table in workbook.sheets}:
            known = ", ".join(f"“{table.name}”" for table in workbook.sheets)
            raise CommandError(f"Tệp không có trang tính “{min(unknown)}” nào đọc được; các trang đọc được: {known}.")
        tables = [
            table
            for table in workbook.sheets
            if (table.name in options["worksheet"] if options["worksheet"] else not table.is_hidden)
        ]
        choice = dict(self.pair(text, sheet, key_first=False) for text in options["map"])
        known = remembered_columns(sheet.name, officer)
        headers = {fold(header) for table in tables for header in table.headers}
        for column in choice:
            if fold(column) not in headers:
                raise UnknownField(f"Không có cột “{column}” trong tệp.")
        mapping = {
            table.name: {
                **{
                    header: known[fold(header)] for header in table.headers if is_choice(sheet, known.get(fold(header)))
                },
                **{column: key for column, key in choice.items() if fold(column) in map(fold, table.headers)},
            }
            for table in tables
        }
        plan = workflow.make_plan(sheet, tables, mapping, {})
        workflow.refuse_empty(plan.sheets)
        meant = tuple(each for each in plan.sheets if workflow.looks_meant(sheet, each)) or plan.sheets
        read = {each.table.name for each in meant}
        self.left_out = [{"sheet": each.name, "reason": each.reason} for each in workbook.left_out] + [
            {"sheet": table.name, "reason": self.why_left_out(table, options)}
            for table in workbook.sheets
            if table.name not in read
        ]
        given = dict(self.pair(text, sheet, key_first=True) for text in options["set"])
        self.before = remembered_constants(sheet, officer, mapping_of(meant))
        # A value set to nothing says that none holds, whatever was remembered.
        self.before.taken = {key: text for key, text in self.before.taken.items() if key not in given}
        constants = {key: text for key, text in (self.before.taken | given).items() if text}
        ways = self.ways(meant, options)
        return workflow.make_plan(sheet, [each.table for each in meant], mapping_of(meant), constants, ways)

    def ways(self, plans, options):
        """How each worksheet is read where its file leaves a choice, as the command line says."""
        headers = {fold(header): header for plan in plans for header in plan.headers}
        for column in [*options["fill_down"], *options["split"]]:
            if fold(column) not in headers:
                raise UnknownField(f"Không có cột “{column}” trong tệp.")
        filled = frozenset(headers[fold(column)] for column in options["fill_down"])
        divided = next((headers[fold(column)] for column in options["split"]), "")
        ways = Ways(options["hidden_rows"] == LEAVE, filled, divided)
        return {plan.table.name: ways.among(plan.headers) for plan in plans}

    def why_left_out(self, table, options):
        """Why a worksheet with content is not read."""
        if table.is_hidden and not options["worksheet"]:
            return "trang tính đang ẩn trong tệp; thêm --worksheet để đọc"
        if options["worksheet"]:
            return "không có trong các trang được chọn"
        return "không có đủ cột bắt buộc của bảng; thêm --worksheet để đọc"

    def pair(self, text, sheet, *, key_first):
        """“Cột=field” or “field=giá trị”; a field may be given by its label."""
        left, equals, right = text.partition("=") if key_first else text.rpartition("=")
        if not equals or not left:
            raise CommandError(f"“{text}” phải có dạng A=B.")
        key = (left if key_first else right).strip()
        if (
            key not in ("", IGNORED)
            and key.partition("@")[0] not in sheet.by_name
            and (found := sheet.index.get(fold(key)))
        ):
            key = found.name
        return (key, right.strip()) if key_first else (left.strip(), key)

    # -- doing it ------------------------------------------------------------------------------------------------------
    def preview(self, sheet, plan, officer, area, options):
        workbook = workbook_of(sheet, [each.table for each in plan.sheets], by=officer)
        area = area or (workbook and workbook.jurisdiction)
        settled = {
            "existing": ExistingMode(options["mode"]),
            "answers": {EVERY: options["both_changed"]} if options["both_changed"] else {},
        }
        known = remembered_fixes(sheet.name, officer)
        asked = {"officer": officer, "default_area": area, "today": today()}
        result = check(sheet, plan, **asked, corrections=Corrections(known, **settled))
        if options["fix"]:
            found = [problem for draft in result.drafts for problem in [*draft.problems, *draft.doubts]]
            fixes = [
                Fix(
                    fault.key,
                    fault.cause,
                    answer.action,
                    fault.value,
                    fault.whole,
                    answer.text,
                    answer.area and answer.area.pk,
                )
                for fault, answer in self.fixes(sheet, officer, found, options["fix"])
            ]
            result = check(sheet, plan, **asked, corrections=Corrections([*known, *fixes], **settled))
        log_refusals(sheet, result.drafts, officer=officer, file_name=options["file"].name)
        rows = [row_of(draft, None) for draft in result.drafts]
        return self.answer(sheet, plan, workflow.counts_of(result, plan), rows, committed=False)

    def commit(self, sheet, plan, officer, area, options):
        with options["file"].open("rb") as stream:
            batch = workflow.upload(sheet, File(stream, name=options["file"].name), by=officer, default_area=area)
        if batch.state == BatchState.FAILED:
            raise UnreadableFile(batch.failure)
        batch.existing = ExistingMode(options["mode"])
        batch.save(update_fields=["existing"])
        batch = workflow.choose(
            batch.pk,
            by=officer,
            mapping=mapping_of(plan.sheets),
            constants=dict(plan.constants),
            default_area=area or batch.default_area,
            ways={each.table.name: each.ways for each in plan.sheets},
        )
        for fault, answer in self.fixes(sheet, officer, batch.faults.all(), options["fix"]):
            batch = correcting.fix(batch.pk, by=officer, fault=fault, answer=answer)
        if options["both_changed"]:
            batch = workflow.answer(batch.pk, by=officer, answers={EVERY: options["both_changed"]})
        mode = CommitMode.ALL_OR_NOTHING if options["all_or_nothing"] else CommitMode.GOOD_ROWS
        message = ""
        try:
            batch = workflow.commit(batch.pk, by=officer, mode=mode)
            message = batch.message
        except workflow.ImportRefused as refusal:
            batch = ImportBatch.objects.get(pk=batch.pk)
            message = refusal.message
        committed = batch.state == BatchState.COMMITTED
        answer = self.answer(sheet, plan, batch.counts, batch.rows.all(), committed=committed)
        following = {"next": batch.next_address(sheet)} if committed and sheet.next_url else {}
        return {**answer, "batch": batch.pk, "message": message, **following}

    def fixes(self, sheet, officer, found, texts):
        """Pairs of a fault and its answer, for what the command line says of the faults found."""
        pairs = {}
        for text in texts:
            left, equals, right = text.rpartition("=")
            if not equals or not left:
                raise CommandError(f"“{text}” phải có dạng LỖI=CÁCH SỬA.")
            faults = {fault for each in found if (fault := self.meant(sheet, each, left.strip())) is not None}
            if not faults:
                raise CommandError(f"Không có lỗi nào như “{left.strip()}”.")
            pairs.update({fault: self.answer_to(sheet, officer, fault, right.strip()) for fault in faults})
        return list(pairs.items())

    def meant(self, sheet, problem, left):
        """The fault of a problem as the command line names it: every value of a cause, or one value of a column."""
        if fold(left) == fold(problem.cause):
            return correcting.Fault(problem.key, problem.cause, column=problem.column, whole=True)
        head, colon, value = left.partition(":")
        field = correcting.field_of(sheet, problem.key)
        names = {fold(problem.column), fold(field.label) if field else "", problem.key} - {""}
        if colon and (fold(head) in names or head in names) and accented_key(value) == accented_key(problem.value):
            return correcting.Fault(problem.key, problem.cause, problem.value, problem.column)
        return None

    def answer_to(self, sheet, officer, fault, right):
        """What is done about a fault: “-” leaves the rows out, nothing empties the cell, a place is an area."""
        field = correcting.field_of(sheet, fault.key)
        if right == IGNORED:
            answer = correcting.Answer(FixAction.LEAVE_OUT)
        elif not right:
            answer = correcting.Answer(FixAction.EMPTY)
        elif FixAction.AREA in correcting.actions_for(sheet, field):
            answer = correcting.Answer(FixAction.AREA, area=self.area_called(right, officer))
        else:
            answer = correcting.Answer(FixAction.TEXT, right)
        correcting.refuse_wrong_answer(sheet, fault, answer, officer)
        return answer

    def area_called(self, text, officer):
        """The one area in the officer's reach that a code or a name means."""
        found = areas_called(Jurisdiction.objects.visible_to(officer).as_of(today()), text)
        if len(found) != 1:
            raise CommandError(f"Có {len(found)} địa bàn khớp với “{text}”: hãy ghi mã.")
        return found[0]

    def answer(self, sheet, plan, counts, rows, *, committed):
        rows = list(rows)
        waiting = [row for row in rows if row.outcome == RowOutcome.UNDECIDED]
        matches = [match for each in plan.sheets for match in each.matches]
        return {
            "header_row": plan.sheets[0].table.header_row,
            "mapping": {match.header: match.key for match in matches if match.key},
            "constants": {
                "used": dict(plan.constants),
                "remembered": self.before.taken,
                "proposed": {key: text for key, text in self.before.proposed.items() if key not in plan.constants},
            },
            "unmatched": list(dict.fromkeys(match.header for match in matches if not match.key)),
            "counts": {
                outcome.value: counts[outcome.value]
                for outcome in OUTCOME_LABELS
                if outcome != RowOutcome.ASKED or counts[outcome.value]
            },
            "refused": [self.refusal(row) for row in rows if row.outcome == RowOutcome.REFUSED],
            "skipped": [
                {"sheet": each.table.name, "lines": line.lines, "reason": line.reason, "text": line.text}
                for each in plan.sheets
                for line in each.table.skipped
            ],
            "left_out_sheets": self.left_out,
            "offered": [
                {"sheet": each.table.name, "ways": each.ways.kept(), **found}
                for each in plan.sheets
                if (found := offered(sheet, each))
            ],
            "likeness": {
                "waiting": len(waiting),
                "scores": {str(score): count for score, count in sorted(Counter(row.score for row in waiting).items())},
                "rows": [{"sheet": row.worksheet, "row": row.number, "name": row.label} for row in waiting],
            },
            "left_out": sum(1 for row in rows if row.outcome == RowOutcome.LEFT_OUT),
            "committed": committed,
        }

    def refusal(self, row):
        """One entry a row: where the first fault stands, and all the reasons."""
        first = row.problems[0]
        reasons = list(dict.fromkeys(problem["reason"] for problem in row.problems))
        return {
            "sheet": row.worksheet,
            "row": row.number,
            "column": first["column"],
            "value": first["value"],
            "reason": " ".join(reasons),
        }

    # -- telling it ----------------------------------------------------------------------------------------------------
    def tell(self, sheet: Sheet, answer, options):
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{sheet.label}: {options['file'].name}, tiêu đề ở dòng {answer['header_row']}")
        for header, key in answer["mapping"].items():
            self.stdout.write(f"  {header} → {sheet.label_of(key)}")
        for key, text in answer["constants"]["used"].items():
            known = ", nhớ từ lần trước" if key in answer["constants"]["remembered"] else ""
            self.stdout.write(f"  {sheet.label_of(key)}: {text} cho cả danh sách{known}")
        for key, text in answer["constants"]["proposed"].items():
            self.stdout.write(f"  {sheet.label_of(key)}: lần trước là “{text}”; còn đúng thì thêm --set {key}=“{text}”")
        if answer["unmatched"]:
            self.stdout.write(f"  Chưa ghép: {', '.join(answer['unmatched'])}")
        for left in answer["left_out_sheets"]:
            self.stdout.write(f"  Không đọc trang “{left['sheet']}”: {left['reason']}")
        for each in answer["offered"]:
            for line in offers_in_words(each):
                self.stdout.write(f"  Trang “{each['sheet']}”: {line}")
        for outcome, count in answer["counts"].items():
            self.stdout.write(f"{count:>8} {OUTCOME_LABELS[RowOutcome(outcome)]}")
        if waiting := answer["likeness"]["waiting"]:
            self.stdout.write(f"{waiting:>8} gần giống bản ghi đã có, chờ quyết định trên cổng")
        if left_out := answer["left_out"]:
            self.stdout.write(f"{left_out:>8} để ngoài")
        for refusal in answer["refused"]:
            where = f"  {refusal['sheet']}, dòng {refusal['row']}"
            self.stdout.write(f"{where}, cột “{refusal['column']}”, “{refusal['value']}”: {refusal['reason']}")
        if answer["committed"]:
            self.stdout.write("Đã ghi vào sổ.")
            if sheet.next_url:
                self.stdout.write(f"Tiếp theo, trên cổng: {sheet.next_label}, {answer['next']}")
        elif not options["commit"]:
            self.stdout.write("Chưa ghi gì. Thêm --commit để ghi vào sổ.")
