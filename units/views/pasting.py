"""Many units by a pasted list: the lines looked up for a form, and the page that does something with them all."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from units.filters.units import UnitFilters
from units.forms.pasting import Pasted, UnitsField, UnitsWidget, look_up
from units.models import Unit
from units.views.bulk import GROUP, GroupForm, confirmation

#: Longest text that is looked at.
LENGTH = 100_000


@require_POST
@permission_required("units.view_unit", raise_exception=True)
def unit_paste(request):
    """The lines of a pasted text as a ``UnitsField`` shows them; ``o`` names the field."""
    name = request.GET.get("o", "")
    sent = UnitsWidget().value_from_datadict(request.POST, {}, name)
    # Chosen for another text: what of it the lines still offer stays chosen.
    pasted = Pasted(sent.text[:LENGTH], sent.keys)
    lines = look_up(name, pasted, Unit.objects.visible_to(request.user))
    return render(request, "units/_pasted.html", {"lines": lines})


class PickForm(forms.Form):
    chon = UnitsField(
        label="Danh sách đơn vị",
        help_text="Dán từ Word, Excel hay tin nhắn: số thứ tự, gạch đầu dòng, số điện thoại được bỏ qua.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chon"].narrow(user)


@require_http_methods(["GET", "POST"])
@permission_required(["units.view_unit", "units.change_unit"], raise_exception=True)
def unit_pick(request):
    """Units picked by pasting; the next page is that of units ticked in the list."""
    form = PickForm(request.POST or None, user=request.user)
    group = request.GET.get(GROUP, "")
    if request.method == "POST" and form.is_valid():
        filters = UnitFilters(request.GET, request.user)
        picked = [unit.pk for unit in form.cleaned_data["chon"]]
        units = Unit.objects.visible_to(request.user).filter(pk__in=picked)
        groups = GroupForm(None, groups=filters.groups, initial={"group": group})
        return confirmation(request, filters, groups, units, picked, len(picked))
    context = {"form": form, "back_url": reverse("units:unit_list")}
    return render(request, "units/unit_pick.html", context, status=422 if form.errors else 200)
