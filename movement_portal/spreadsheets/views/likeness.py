"""The queue of rows that look like records of the register: one by one, side by side, or many at once."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from movement_portal.lib.numbers import written
from movement_portal.lib.vietnamese import accented_key, mid_sentence
from movement_portal.spreadsheets import correcting, wording, workflow
from movement_portal.spreadsheets.enums import BatchState, RowOutcome
from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.forms import DecideManyForm, DecisionForm
from movement_portal.spreadsheets.models import ImportRow
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.views.showing import about, find_batch, link_to, may_import, step_url

#: Parameter of the address: the row asked about.
ROW = "dong"


@dataclass(frozen=True)
class Side:
    """What a record says of a field, and whether the row says the same."""

    text: str
    agrees: bool
    differs: bool


@dataclass(frozen=True)
class Line:
    """One field: what the row says, and what each record says."""

    label: str
    text: str
    sides: list[Side]


@dataclass(frozen=True)
class Candidate:
    """A record that the row looks like."""

    record: Any
    score: int
    url: str


def waiting(batch):
    """Rows that wait for a decision, the likest first."""
    return batch.rows.filter(outcome=RowOutcome.UNDECIDED).order_by("-score", "id")


@require_http_methods(["GET", "POST"])
@may_import
def import_likeness(request, pk):
    batch = find_batch(request, pk)
    if batch.state != BatchState.CHECKED:
        return redirect(step_url(batch))
    if request.method == "POST":
        return decided(request, batch)
    asked = request.GET.get(ROW, "")
    row = (waiting(batch).filter(pk=asked).first() if asked.isdecimal() else None) or waiting(batch).first()
    if row is None:
        messages.info(request, "Không còn dòng nào chờ quyết định.")
        return redirect("spreadsheets:import_check", pk)
    following = after(batch, row)
    candidates = candidates_of(request, batch, row)
    context = {
        **about(request, batch),
        "row": row,
        "following": following,
        "left": batch.counts.get(RowOutcome.UNDECIDED, 0),
        "candidates": candidates,
        "lines": lines_of(batch, row, candidates),
    }
    return render(request, "spreadsheets/import_likeness.html", context)


def after(batch, row):
    """The row that comes next in the queue, the first one behind the last; None where there is no other."""
    rest = waiting(batch).exclude(pk=row.pk)
    return rest.filter(Q(score__lt=row.score) | Q(score=row.score, pk__gt=row.pk)).first() or rest.first()


def decided(request, batch):
    """Keep a decision and go on with the next row."""
    form = DecisionForm(request.POST)
    address = reverse("spreadsheets:import_likeness", args=[batch.pk])
    try:
        if form.is_valid():
            data = form.cleaned_data
            row = batch.rows.filter(pk=data["row"]).first()
            following = after(batch, row) if row is not None and row.score is not None else None
            correcting.decide(
                batch.pk, data["row"], by=request.user, decision=data["decision"], object_id=data["record"]
            )
            if following is not None:
                address += f"?{ROW}={following.pk}"
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    except ImportRow.DoesNotExist:
        messages.error(request, "Dòng này không còn trong danh sách.")
    return redirect(address)


def candidates_of(request, batch, row):
    """The records in the officer's reach that the row looks like."""
    sheet = sheet_for(batch.sheet)
    records = sheet.model.objects.visible_to(request.user).in_bulk([pk for pk, _ in row.candidates])
    return [Candidate(records[pk], score, link_to(records[pk])) for pk, score in row.candidates if pk in records]


def lines_of(batch, row, candidates):
    """Field by field what the row and the records say; fields of which nobody says anything are left out."""
    sheet = sheet_for(batch.sheet)
    told = wording.words_of(sheet, batch, [row])[row.pk]
    names = list(dict.fromkeys([*told, *(name for key in sheet.keys for name in key), sheet.address]))
    lines = []
    for key in filter(None, names):
        field = sheet.field_of(key)
        if field.child or not field.column or field.hidden:
            continue
        mine = told.get(key, ("", ""))[1]
        theirs = [words_of(field, candidate.record) for candidate in candidates]
        if mine or any(theirs):
            lines.append(Line(sheet.label_of(key), mine, [compared(mine, text) for text in theirs]))
    return lines


def words_of(field, record):
    """What a record says of a field, in words."""
    if field.kind in (Kind.AREA, Kind.RELATION):
        related = getattr(record, field.column)
        return (related.long_name if field.kind == Kind.AREA else str(related)) if related else ""
    return field.shown(getattr(record, field.column))


def compared(mine, theirs):
    same = accented_key(mine) == accented_key(theirs)
    return Side(theirs, agrees=bool(mine and theirs and same), differs=bool(mine and theirs and not same))


@require_POST
@may_import
def import_likeness_many(request, pk):
    batch = find_batch(request, pk)
    form = DecideManyForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("spreadsheets:import_likeness", pk)
    data = form.cleaned_data
    try:
        batch, count = correcting.decide_many(batch.pk, by=request.user, decision=data["decision"], score=data["score"])
        messages.success(request, f"Đã quyết định {written(count)} dòng: {mid_sentence(data['decision'].label)}.")
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("spreadsheets:import_likeness", pk)
