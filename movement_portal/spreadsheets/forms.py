"""The forms of an import: the file, and which column fills which field."""

from collections.abc import Mapping
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.conf import settings

from movement_portal.jurisdictions.fields import AreaField
from movement_portal.lib.free_text import PlainForm
from movement_portal.spreadsheets.correcting import Answer, Fault
from movement_portal.spreadsheets.enums import Decision, FixAction
from movement_portal.spreadsheets.fields import Field, Kind
from movement_portal.spreadsheets.intake import read_constants
from movement_portal.spreadsheets.matching import HOW_LABELS, IGNORED, NOTE, ColumnMatch, How, field_choices
from movement_portal.spreadsheets.memory import is_in_reach, is_remembered, proposed_choice
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.sheets import Sheet, importable_sheets, sheet_for
from movement_portal.spreadsheets.values import ValueProblem
from movement_portal.spreadsheets.ways import LEAVE, Ways

ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"
AREA_HELP = "Dòng không rõ xã, phường được đưa vào địa bàn này và vào danh sách cần xác định địa bàn."


#: Further values for all rows that the page has room for.
SPARE_CONSTANTS = 2


class UploadForm(forms.Form):
    sheet = forms.ChoiceField(label="Loại danh sách")
    file = forms.FileField(
        label="Tệp danh sách",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="Excel (.xlsx, .xls), .ods hoặc .csv, để nguyên như nơi gửi lập.",
        error_messages={"required": "Chọn một tệp.", "empty": "Tệp rỗng, không có nội dung nào."},
    )
    default_area = AreaField(label="Địa bàn mặc định", required=False, help_text=AREA_HELP)

    error_title = "Chưa nhận được danh sách:"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = importable_sheets(user)
        self.fields["sheet"].choices = [(sheet.name, sheet.label) for sheet in kinds]
        if any(sheet.area for sheet in kinds):
            self.fields["default_area"].narrow(user)
        else:
            del self.fields["default_area"]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.form_error_title = ""
        self.helper.form_class = "record-form"
        self.helper.attrs["data-upload"] = ""
        self.helper.layout = Layout(*self.fields, Div(Submit("", "Tải lên và đọc"), css_class="form-actions"))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT_BYTES:
            limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
            raise forms.ValidationError(f"Tệp lớn hơn {limit} MB. Hãy chia danh sách thành nhiều tệp.")
        return file

    def clean_sheet(self):
        return sheet_for(self.cleaned_data["sheet"])


class WorkbookForm(forms.Form):
    """The area whose records go out."""

    area = AreaField(
        label="Địa bàn",
        required=False,
        help_text="Bỏ trống là toàn bộ địa bàn của đồng chí. Chọn một xã, phường để gửi riêng cho xã, phường đó.",
    )

    error_title = "Chưa xuất được tệp:"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].narrow(user)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "", "data-no-guard": ""}
        self.helper.form_error_title = ""
        self.helper.form_class = "record-form"
        self.helper.layout = Layout("area", Div(Submit("", "Tải tệp về"), css_class="form-actions"))


@dataclass(frozen=True)
class GivenBefore:
    """A value for the whole list that lists with these headers were given before."""

    key: str
    label: str
    #: The value as the office reads it, and as it is typed.
    words: str
    text: str
    #: Whether this list has it too.
    is_used: bool
    #: Whether it names a place out of today's reach, or one that is no more.
    is_gone: bool


class ColumnsForm(PlainForm):
    """Worksheets to read, a field for every column, common values, and the area of rows that do not say theirs."""

    default_area = AreaField(label="Địa bàn mặc định", required=False, help_text=AREA_HELP)

    error_title = "Chưa kiểm tra được:"
    #: The page shows the errors of all tables on top.
    summary_elsewhere = True

    def __init__(self, *args, batch: ImportBatch, user, reused=(), **kwargs):
        kwargs.setdefault("initial", {"default_area": batch.default_area})
        super().__init__(*args, **kwargs)
        self.batch, self.sheet = batch, sheet_for(batch.sheet)
        proposed = batch.layout.get("constants", {}).get("proposed", {})
        #: Common values to begin with: the batch's, and those of the last list that the officer asks for again.
        self.given = {key: text for key, text in proposed.items() if key in reused} | batch.constants
        if self.sheet.area:
            self.fields["default_area"].narrow(user)
        else:
            del self.fields["default_area"]
        places = list(self.fields)
        self.tables = [self._add_table(index, table) for index, table in enumerate(batch.layout["sheets"])]
        self.common = [self._add_constant(each) for each in self.sheet.fields if is_common(self.sheet, each)]
        self.extra = self._add_extra_constants()
        self.before = self._given_before(user)
        self.helper = FormHelper()
        self.helper.form_tag = False
        #: Fields of the whole list; a layout of none would be every field of the form.
        self.of_all_rows = [*places, *self.common]
        self.helper.layout = Layout(*self.of_all_rows)

    def _add_column(self, name: str, column: Mapping, choices: list, chosen: Mapping[str, str]) -> dict:
        """A field that says what one column is, and what the page shows beside it."""
        proposed = proposed_choice(column)
        initial = chosen.get(column["header"], proposed)
        field = forms.ChoiceField(label=column["header"], choices=choices, required=False, initial=initial)
        field.widget.attrs |= {
            "class": "form-select form-select-sm",
            "aria-label": f"Trường của cột {column['header']}",
            "data-column-choice": "",
        }
        self.fields[name] = field
        how = {IGNORED: How.IGNORED, NOTE: How.NOTE, "": How.NONE}.get(initial, How.USER)
        if initial == proposed:
            how = How.REMEMBERED if is_remembered(column) else How(column["how"])
        return {
            **column,
            "field": self[name],
            "how_label": HOW_LABELS[how],
            "is_matched": bool(initial),
            "is_remembered": is_remembered(column),
        }

    def _add_table(self, index: int, table: Mapping) -> dict:
        chosen = self.batch.mapping.get(table["name"])
        use = f"use-{index}"
        self.fields[use] = forms.BooleanField(
            label=f"Nhập trang tính “{table['name']}”", required=False, initial=chosen is not None
        )
        self.fields[use].widget.attrs["class"] = "form-check-input"
        header = f"header-{index}"
        self.fields[header] = forms.IntegerField(
            label="Dòng tiêu đề", required=False, min_value=1, max_value=150, initial=table["header_row"] or None
        )
        self.fields[header].widget.attrs |= {"class": "form-control header-row", "inputmode": "numeric"}
        matches = [
            ColumnMatch(at, column["header"], column["key"], How(column["how"]))
            for at, column in enumerate(table["columns"])
        ]
        marks = [("", "Chưa ghép (không nhập)"), (IGNORED, "Bỏ qua cột này")]
        marks += [(NOTE, "Giữ ở ghi chú")] if self.sheet.note_field else []
        meant = [key for key in (chosen or {}).values() if key not in (IGNORED, NOTE)]
        keys = [*matches, *(ColumnMatch(0, "", key, How.USER) for key in meant)]
        choices = [*marks, *field_choices(self.sheet, keys)]
        columns = [
            self._add_column(f"column-{index}-{at}", column, choices, chosen or {})
            for at, column in enumerate(table["columns"])
        ]
        self._add_ways(index, table, columns)
        hides = self[f"hidden-{index}"] if "hidden_rows" in table else None
        return {**table, "index": index, "use": self[use], "header": self[header], "columns": columns, "hides": hides}

    def _add_ways(self, index: int, table: Mapping, columns: list[dict]) -> None:
        """Fields for what the file leaves open: hidden rows, and beside its column what empty or full cells mean."""
        ways = Ways.of(self.batch.ways.get(table["name"], {}))
        if "hidden_rows" in table:
            self.fields[f"hidden-{index}"] = forms.ChoiceField(
                label="Các dòng đang ẩn",
                choices=[("", "Vẫn nhập, ghi rõ ở từng dòng"), (LEAVE, "Để ngoài, không nhập")],
                required=False,
                initial=LEAVE if ways.leaves_hidden else "",
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
        for at, column in enumerate(columns):
            header = column["header"]
            column["is_hidden"] = header in table.get("hidden_columns", ())
            if blocks := table.get("blocks", {}).get(header):
                column["blocks"] = blocks
                column["fills"] = self._add_tick(f"fill-{index}-{at}", "Lấy theo dòng trên", header in ways.filled)
            if (divided := table.get("divided")) and divided["header"] == header:
                column["divided"] = divided
                column["divides"] = self._add_tick(f"divide-{index}-{at}", "Tách ra", header == ways.divided)

    def _add_tick(self, name: str, label: str, initial: bool):
        self.fields[name] = forms.BooleanField(label=label, required=False, initial=initial)
        self.fields[name].widget.attrs["class"] = "form-check-input"
        return self[name]

    def _ways(self, table: Mapping, data: Mapping) -> Ways:
        """What is chosen for a worksheet."""
        index = table["index"]
        named = [(f"{index}-{at}", column["header"]) for at, column in enumerate(table["columns"])]
        return Ways(
            data.get(f"hidden-{index}") == LEAVE,
            frozenset(header for place, header in named if data.get(f"fill-{place}")),
            next((header for place, header in named if data.get(f"divide-{place}")), ""),
        )

    def _add_constant(self, each: Field) -> str:
        name = f"constant-{each.name}"
        label = f"{each.label} của cả danh sách"
        initial = as_chosen(each, self.given.get(each.name, ""))
        if each.choices:
            choices = [("", "Theo từng dòng"), *((choice.value, choice.label) for choice in each.choices)]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)
        else:
            self.fields[name] = forms.CharField(label=label, required=False, initial=initial)
        return name

    def _add_extra_constants(self) -> list[tuple]:
        """Pairs of a field and the value that it has in every row: those given before, and room for more."""
        common = {name.removeprefix("constant-") for name in self.common}
        given = [(key, text) for key, text in self.given.items() if key not in common]
        choices = [("", "Chọn mục…")]
        choices += [
            (each.name, each.label) for each in self.sheet.fields if not each.hidden and each.name not in common
        ]
        pairs = []
        for index, (key, text) in enumerate([*given, *[("", "")] * SPARE_CONSTANTS]):
            self.fields[f"extra-key-{index}"] = forms.ChoiceField(
                label=f"Mục {index + 1}", choices=choices, required=False, initial=key
            )
            self.fields[f"extra-key-{index}"].widget.attrs |= {
                "class": "form-select form-select-sm",
                "aria-label": f"Mục có giá trị chung {index + 1}",
            }
            self.fields[f"extra-text-{index}"] = forms.CharField(
                label=f"Giá trị {index + 1}", required=False, initial=text
            )
            self.fields[f"extra-text-{index}"].widget.attrs |= {
                "class": "form-control form-control-sm",
                "aria-label": f"Giá trị chung {index + 1}",
            }
            pairs.append((self[f"extra-key-{index}"], self[f"extra-text-{index}"]))
        return pairs

    def _given_before(self, user) -> list["GivenBefore"]:
        """Values that lists with these headers were given before, with what became of them here."""
        known = self.batch.layout.get("constants", {})
        found = []
        for key, text in [*known.get("taken", {}).items(), *known.get("proposed", {}).items()]:
            each = self.sheet.field_of(key)
            is_used = self.given.get(key) == text
            is_gone = each.kind == Kind.AREA and not is_in_reach(text, user)
            found.append(GivenBefore(key, each.label, value_words(each, text), text, is_used, is_gone))
        return found

    def clean(self):
        data = super().clean()
        mapping: dict[str, dict[str, str]] = {}
        ways = {table["name"]: self._ways(table, data) for table in self.tables}
        for table in self.tables:
            if not data.get(f"use-{table['index']}"):
                continue
            columns = {}
            for at, column in enumerate(table["columns"]):
                key = data.get(f"column-{table['index']}-{at}", "")
                if key not in ("", IGNORED, NOTE) and key in columns.values():
                    label = self.sheet.label_of(key)
                    self.add_error(f"column-{table['index']}-{at}", f"Đã có cột khác ghép với “{label}”.")
                columns[column["header"]] = key
            mapping[table["name"]] = columns
        if not mapping:
            self.add_error(None, "Chọn ít nhất một trang tính để nhập.")
        constants = {each.removeprefix("constant-"): data[each] for each in self.common if data.get(each)}
        names = {key: f"constant-{key}" for key in constants}
        for key_field, text_field in self.extra:
            key, text = data.get(key_field.name), data.get(text_field.name)
            if key and text:
                constants[key], names[key] = text, text_field.name
        for key, text in constants.items():
            try:
                read_constants(self.sheet, {key: text})
            except ValueProblem as problem:
                self.add_error(names[key], problem.reason)
        return {**data, "mapping": mapping, "constants": constants, "ways": ways}

    @property
    def needed(self) -> list[tuple[Field, bool]]:
        """Fields that a new row must have, each with whether neither a column nor a common value fills it."""
        filled = {
            column["field"].value() for table in self.tables if table["use"].value() for column in table["columns"]
        }
        filled |= {name.removeprefix("constant-") for name in self.common if self[name].value()}
        filled |= {key.value() for key, text in self.extra if text.value()}
        wanted = [each for each in self.sheet.fields if each.required and not each.hidden and each.kind != Kind.AREA]
        return [(each, each.name not in filled) for each in wanted]

    @property
    def header_rows(self) -> dict[str, int]:
        """Header rows as sent, by worksheet; those that are none are left out."""
        rows = {}
        for table in self.tables:
            text = self.data.get(f"header-{table['index']}", "").strip()
            if text.isdecimal():
                rows[table["name"]] = int(text)
        return rows


def as_chosen(each: Field, text: str) -> str:
    """A common value as the list of choices has it: commands and old lists give the words of the office."""
    return str(each.read(text).value) if each.choices and text else text


def value_words(each: Field, text: str) -> str:
    """A common value in words."""
    chosen = as_chosen(each, text)
    return next((choice.label for choice in each.choices or () if choice.value == chosen), text)


def is_common(sheet: Sheet, each: Field) -> bool:
    """Whether one value of the field may hold for all rows of a list: a closed choice all need, or the year."""
    return not each.hidden and (each.name == sheet.year or (each.required and each.kind == Kind.CHOICE))


class FixForm(forms.Form):
    """What is to be done about a fault that many rows share."""

    key = forms.CharField(required=False)
    cause = forms.CharField()
    value = forms.CharField(required=False, strip=False)
    column = forms.CharField(required=False)
    whole = forms.BooleanField(required=False)
    action = forms.TypedChoiceField(choices=FixAction.choices, coerce=FixAction, required=False, empty_value="")
    text = forms.CharField(required=False)
    area = AreaField(required=False)
    #: One of the areas that the page proposes, in place of an action.
    proposed = AreaField(required=False)
    remember = forms.BooleanField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].narrow(user)
        self.fields["proposed"].narrow(user)

    def clean(self):
        data = super().clean()
        if data.get("proposed"):
            data |= {"area": data["proposed"], "action": FixAction.AREA}
        elif not self.errors and not data.get("action"):
            raise forms.ValidationError("Hãy chọn một cách sửa.", code="no_action")
        return data

    @property
    def fault(self) -> Fault:
        data = self.cleaned_data
        return Fault(data["key"], data["cause"], data["value"], data["column"], data["whole"])

    @property
    def answer(self) -> Answer:
        data = self.cleaned_data
        area = data["area"] if data["action"] == FixAction.AREA else None
        return Answer(data["action"], data["text"] if data["action"] == FixAction.TEXT else "", area)


class CellForm(forms.Form):
    """One cell of a row typed anew; a place is chosen by typing."""

    row = forms.IntegerField()
    column = forms.CharField(required=False, strip=False)
    key = forms.CharField(required=False)
    text = forms.CharField(required=False)
    area = AreaField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].narrow(user)

    def clean(self):
        data = super().clean()
        if data.get("area"):
            data["text"] = data["area"].long_name
        return data


class DecisionForm(forms.Form):
    """What is said of one row that looks like records of the register."""

    row = forms.IntegerField()
    decision = forms.TypedChoiceField(choices=Decision.choices, coerce=Decision)
    record = forms.IntegerField(required=False)


class DecideManyForm(forms.Form):
    """One answer to all rows from a likeness on, or below it."""

    decision = forms.TypedChoiceField(
        choices=[(each.value, each.label) for each in (Decision.SAME, Decision.DIFFERENT)], coerce=Decision
    )
    score = forms.IntegerField(
        min_value=1,
        max_value=100,
        error_messages={
            "required": "Hãy ghi độ giống từ 1 đến 100.",
            "invalid": "Hãy ghi độ giống từ 1 đến 100.",
            "min_value": "Độ giống từ 1 đến 100.",
            "max_value": "Độ giống từ 1 đến 100.",
        },
    )
