from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Đặt cho tài khoản của cổng trên PostgreSQL điều cổng cần (jit tắt); SQLite không cần gì. Chạy lại được."

    def handle(self, *args, verbosity, **options):
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            # Every role may do this for itself, and a pooler between the two needs to know nothing of it.
            name = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {name} SET jit = off")
        # What was just set counts for connections to come.
        connection.close()
        if verbosity > 1:
            self.stdout.write("jit = off")
