"""What the pages of records share that units and officers enter: a page of facts, what may be done with them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from movement_portal.audit.recording import describe
from movement_portal.audit.timeline import timeline_of
from units.views.saving import Crumbs

#: The lists beside one another: label, URL name, the right to read it.
TABS = (
    ("Cam kết, giao ước", "duties:commitment_list", "units.view_commitment"),
    ("Văn bản phối hợp", "duties:agreement_list", "units.view_coordinationagreement"),
    ("Kiểm tra, hướng dẫn", "duties:inspection_list", "units.view_inspection"),
    ("Vụ việc", "duties:incident_list", "units.view_incident"),
    ("Xếp loại đầu mối", "duties:rating_list", "units.view_partrating"),
)


def duty_tabs(user, current: str):
    """The lists of what units promised and what was done with them: label, address, whether it is the one shown."""
    return [(label, reverse(name), name == current) for label, name, right in TABS if user.has_perm(right)]


def record_link(record, text: str = ""):
    """A record linked to its page; empty for none."""
    if record is None:
        return ""
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), text or str(record))


def unit_link(unit):
    """A unit linked to its page."""
    return record_link(unit, unit.name)


def scan_link(name: str, record):
    """The scan of a record as a download from the address of that name; empty where there is none."""
    if not record.scan:
        return ""
    return format_html('<a href="{}">Tải bản quét</a>', reverse(name, args=[record.pk]))


def record_actions(user, record, name: str):
    """“Xóa” and “Sửa” of a record for whoever may, with the addresses ``<name>_delete`` and ``<name>_edit``."""
    options = record._meta
    deeds = (("delete", "Xóa", "delete", "trash"), ("change", "Sửa", "edit", "pencil"))
    return [
        (label, reverse(f"{name}_{page}", args=[record.pk]), icon)
        for deed, label, page, icon in deeds
        if user.has_perm(f"{options.app_label}.{deed}_{options.model_name}")
    ]


def detail_page(
    request, record, *, title, facts, crumbs: Crumbs, actions=(), template="units/duty_detail.html", **more
):
    """A record as facts (label and value, empty ones left out) with what may be done and its history."""
    context = {
        "record": record,
        "title": title,
        "facts": [(label, value) for label, value in facts if value not in ("", None)],
        "crumbs": crumbs,
        "actions": actions,
        "timeline": timeline_of(record, request.user),
        **more,
    }
    return render(request, template, context)


def delete_page(request, record, *, back: str, crumbs: Crumbs):
    """Asks once more, then deletes the record; its history stays. ``back`` is the list it was in."""
    name = f"{record._meta.verbose_name} “{record}”"
    if request.method == "POST":
        describe(label=f"Xóa {name}"[:200])
        record.delete()
        messages.success(request, f"Đã xóa {name}.")
        return redirect(back)
    context = {
        "record": record,
        "name": name,
        "unit": getattr(record, "unit", None),
        "crumbs": [*crumbs, (str(record), record.get_absolute_url())],
    }
    return render(request, "units/duty_delete.html", context)
