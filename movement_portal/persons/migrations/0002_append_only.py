"""Triggers that refuse to rewrite the list of readings, as those of the history do."""

from django.db import migrations

TABLE = "persons_personalread"
MESSAGE = "Readings are only ever added to."


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def drop_trigger(apps, schema_editor):
    on_table = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only" + (f" ON {TABLE}" if on_table else ""))


class Migration(migrations.Migration):
    dependencies = [("persons", "0001_initial"), ("audit", "0004_append_only")]

    operations = [migrations.RunPython(add_trigger, drop_trigger, elidable=False)]
