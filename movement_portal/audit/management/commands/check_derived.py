"""Checks that columns derived (sort keys, search texts) or kept from other tables are what their sources give."""

import copy

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from movement_portal.lib.acts import command_act
from movement_portal.lib.bulk import chunks
from movement_portal.lib.tracking import TrackedModel

ROWS = 2000


class Command(BaseCommand):
    help = (
        "Đối chiếu các cột suy ra (thứ tự tên, văn bản tìm kiếm) với dữ liệu gốc của mọi loại bản ghi; "
        "chạy sau khi nâng cấp hoặc sau khi sửa dữ liệu bằng SQL."
    )

    def add_arguments(self, parser):
        parser.add_argument("--fix", action="store_true", help="Tính và ghi lại các cột sai.")

    def handle(self, *args, fix, verbosity, **options):
        wrong = 0
        with command_act("Tính lại các cột suy ra"):
            for model in apps.get_models():
                if not issubclass(model, TrackedModel) or not (model.derived_fields or model.kept_fields):
                    continue
                checked, found = check(model, fix=fix)
                found += check_kept(model, fix=fix)
                wrong += found
                if verbosity:
                    said = "đã sửa" if fix else "sai"
                    self.stdout.write(f"{model._meta.verbose_name}: {checked} bản ghi, {said} {found}.")
        if wrong and not fix:
            raise CommandError(f"{wrong} bản ghi có cột suy ra sai; chạy lại với --fix để sửa.")


def check(model, *, fix):
    """Look at every row, ``ROWS`` at a time by key, with ``fix`` write those that differ; answers (rows, differing)."""
    sources = sorted({name for names in model.derived_fields.values() for name in names})
    checked = wrong = last = 0
    while batch := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:ROWS]):
        last = batch[-1].pk
        stale = [row for row in batch if is_stale(row)]
        checked, wrong = checked + len(batch), wrong + len(stale)
        if fix:
            for part in chunks(stale):
                model.objects.bulk_update(part, sources)
    return checked, wrong


def check_kept(model, *, fix):
    """Compare columns kept from other tables with these, with ``fix`` set those that differ; answers how many do."""
    wrong = 0
    rows = QuerySet(model).order_by()
    for name, condition in model.kept_from().items():
        lacking, too_much = rows.filter(condition, **{name: False}), rows.filter(**{name: True}).exclude(condition)
        for stale, value in ((lacking, True), (too_much, False)):
            wrong += stale.update(**{name: value}) if fix else stale.count()
    return wrong


def is_stale(row):
    """Whether a stored derived column differs from what the row's own fields give."""
    fresh = copy.copy(row)
    fresh.derive()
    return any(getattr(fresh, name) != getattr(row, name) for name in row.derived_fields)
