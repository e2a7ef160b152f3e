from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.demonstration.activities import load_activities
from movement_portal.demonstration.duplicates import load_duplicates
from movement_portal.demonstration.duties import load_duties
from movement_portal.demonstration.forces import load_forces
from movement_portal.demonstration.loading import (
    SEED,
    NoTerritory,
    home_province,
    load_accounts,
    load_life,
    load_register,
    load_samples,
)
from movement_portal.demonstration.models import load_models
from movement_portal.demonstration.seldom import load_seldom
from movement_portal.jurisdictions.models import Officer
from units.merging.finding import find_duplicates
from units.models import Unit


class Command(BaseCommand):
    help = "Nạp một tỉnh mẫu (1.727 đơn vị, cán bộ đủ chức năng); dữ liệu do máy sinh ra."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="không làm gì nếu đã có tài khoản hoặc đơn vị")

    def handle(self, *, once, **options):
        if settings.PRODUCTION:
            raise CommandError("Không nạp dữ liệu mẫu vào hệ thống vận hành thật.")
        if Officer.objects.exists() or Unit.objects.exists():
            if once:
                return
            raise CommandError("Cơ sở dữ liệu đã có cán bộ hoặc đơn vị: dữ liệu mẫu chỉ nạp vào cơ sở dữ liệu trống.")
        try:
            with transaction.atomic():
                with act(EventKind.COMMAND, label="Nạp tài khoản mẫu"):
                    officers = load_accounts()
                with act(EventKind.COMMAND, by=officers["quantri"], label="Nạp đơn vị mẫu"):
                    units = load_register()
                load_life(officers["quantri"], units)
                with act(EventKind.COMMAND, by=officers["quantri"], label="Nạp đơn vị nghi trùng mẫu"):
                    load_duplicates(fresh(units), SEED)
                with act(EventKind.COMMAND, by=officers["quantri"], label="Nạp lực lượng bảo vệ mẫu"):
                    forces = load_forces(fresh(units), home_province(), SEED)
                with act(EventKind.COMMAND, by=officers["quantri"], label="Nạp hoạt động mẫu"):
                    held = load_activities(fresh(units), home_province(), SEED)
                with act(EventKind.COMMAND, by=officers["quantri"], label="Nạp cam kết, kiểm tra, vụ việc mẫu"):
                    load_duties(fresh(units), home_province(), SEED)
                with act(EventKind.COMMAND, by=officers["quantri"], label="Nạp mô hình mẫu"):
                    models = load_models(fresh(units), officers["quantri"], SEED)
                with act(EventKind.COMMAND, by=officers["quantri"], label="Nạp những gì ít gặp mẫu"):
                    seldom = load_seldom(officers, SEED)
                load_samples()
                with act(EventKind.COMMAND, label="Lệnh find_duplicates"):
                    find_duplicates()
        except NoTerritory as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Đã nạp {len(officers)} tài khoản, {len(units)} đơn vị, {forces['teams']} lực lượng bảo vệ với "
            f"{forces['guards'] + seldom['guards']} người có tên, "
            f"{held['activities']} hoạt động, {models['models']} mô hình."
        )


def fresh(units):
    """The units as they are now, in the order they were made: what has happened to some since is in the database."""
    stored = Unit.objects.in_bulk([unit.pk for unit in units])
    return [stored[unit.pk] for unit in units]
