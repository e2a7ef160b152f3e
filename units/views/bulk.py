"""One change for many units of the list: the group that they belong to."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from movement_portal.audit.enums import EventKind
from movement_portal.lib.acts import describe
from movement_portal.lib.free_text import PlainForm
from movement_portal.lib.numbers import written
from movement_portal.lib.paging import capped_count
from movement_portal.lib.vietnamese import mid_sentence
from units.enums import GroupingKind
from units.filters.units import GROUP_FILTERS, UnitFilters

#: Units that one act may change; its history is written in the same transaction.
LIMIT = 20_000
SAMPLE = 10
#: Parameter that names the group that is meant to begin with.
GROUP = "nhom"

COLUMNS = {kind: column for _, kind, column in GROUP_FILTERS}


class GroupForm(PlainForm):
    """Which group the units get, or of which kind of group they lose theirs."""

    group = forms.ChoiceField(label="Nhóm", widget=forms.Select(attrs={"class": "form-select"}))
    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        required=False,
        help_text="Ghi vào nhật ký, không bắt buộc.",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, data, *, groups, initial=None):
        super().__init__(data, initial=initial)
        self.groups = {(kind, group.pk): group for kind in GroupingKind for group in groups[kind]}
        self.fields["group"].choices = [
            ("", "Chọn nhóm"),
            *(
                (
                    kind.label,
                    [
                        *((f"{kind}:{group.pk}", group.name) for group in groups[kind]),
                        (f"{kind}:", f"(bỏ trống {mid_sentence(kind.label)})"),
                    ],
                )
                for kind in GroupingKind
            ),
        ]

    @property
    def chosen(self):
        """The kind and the group, or None to take it away."""
        kind, _, key = self.cleaned_data["group"].partition(":")
        return GroupingKind(kind), self.groups[kind, int(key)] if key else None


@require_POST
@permission_required(["units.view_unit", "units.change_unit"], raise_exception=True)
def unit_bulk(request):
    """Shows what would be changed; with ``xac_nhan`` changes it, when it still is what was shown."""
    filters = UnitFilters(request.GET, request.user)
    back_url = f"{reverse('units:unit_list')}?{filters.query()}"
    reach = "tat_ca" if request.POST.get("pham_vi") == "tat_ca" else "chon"
    picked = [int(key) for key in request.POST.getlist("chon") if key.isascii() and key.isdigit() and len(key) < 19]
    units = filters.everything if reach == "tat_ca" else filters.scope.filter(pk__in=picked)
    count = capped_count(units, cap=LIMIT)
    if not count.value:
        messages.warning(request, "Chưa chọn đơn vị nào.")
        return redirect(back_url)
    if count.is_capped:
        messages.error(request, f"Mỗi lần gán được nhiều nhất {written(LIMIT)} đơn vị. Hãy lọc hẹp hơn.")
        return redirect(back_url)
    is_confirmed = "xac_nhan" in request.POST
    form = GroupForm(request.POST if is_confirmed else None, groups=filters.groups)
    if is_confirmed and form.is_valid():
        if request.POST.get("so_luong") == str(count.value):
            assign(request, units, form)
            return redirect(back_url)
        form.add_error(None, "Danh sách đã thay đổi từ lúc xem trước. Kiểm tra lại rồi bấm gán lần nữa.")
    keys = picked if reach == "chon" else []
    return confirmation(request, filters, form, units, keys, count.value, reach=reach)


def confirmation(request, filters, form, units, picked, count, *, reach="chon"):
    """The page that shows which units get a group before they do."""
    context = {
        "filters": filters,
        "form": form,
        "reach": reach,
        "picked": picked,
        "count": count,
        "sample": units.order_by("name_sort", "id")[:SAMPLE],
        "more": max(count - SAMPLE, 0),
        "back_url": f"{reverse('units:unit_list')}?{filters.query(**{GROUP: None})}",
    }
    return render(request, "units/unit_bulk.html", context)


def assign(request, units, form):
    """Give the units their group, as one act; those that have it already are left alone."""
    kind, group = form.chosen
    column = COLUMNS[kind]
    label = f"Gán {mid_sentence(kind.label)} “{group}”" if group else f"Bỏ trống {mid_sentence(kind.label)}"
    describe(kind=EventKind.BULK, label=label, reason=form.cleaned_data["reason"])
    others = units.exclude(**{column: group}) if group else units.filter(**{f"{column}__isnull": False})
    changed = others.update(**{column: group})
    messages.success(request, f"{label}: đã ghi {written(changed)} đơn vị.")
