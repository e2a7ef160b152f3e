from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from movement_portal.audit.commands import AuditedCommand
from movement_portal.documents.reference import load_reference


class Command(AuditedCommand):
    help = "Brings the files of fixtures/reference/ into the database; corrections made by administrators stay."

    act_label = "Nạp dữ liệu tham chiếu"

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures" / "reference")
        parser.add_argument("--overwrite", action="store_true", help="take the files' values over corrections")

    def handle(self, *, folder, overwrite, verbosity, **options):
        files = sorted(folder.glob("*.json"))
        if not files:
            raise CommandError(f"No file in {folder}.")
        try:
            outcomes = load_reference(files, overwrite=overwrite)
        except (ValueError, ValidationError) as error:
            raise CommandError(str(error)) from error
        for outcome in outcomes:
            if verbosity:
                self.stdout.write(
                    f"{outcome.file}: {outcome.created} new, {outcome.changed} changed, {outcome.same} same"
                )
            for kept in outcome.kept:
                self.stdout.write(f"  kept: {kept}")
