from django.core.management.base import BaseCommand, CommandError

from movement_portal.jurisdictions.functions import UnknownPermission, sync


class Command(BaseCommand):
    help = "Ghi bảng chức năng thành các nhóm quyền; chạy lại ở mỗi lần cài đặt."

    def handle(self, *args, verbosity, **options):
        try:
            counts = sync()
        except UnknownPermission as error:
            raise CommandError(str(error)) from error
        if verbosity:
            for function, count in counts.items():
                self.stdout.write(f"{function.label}: {count} quyền")
