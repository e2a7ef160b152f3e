"""The list of readings refuses to be rewritten, but a name may give way to a mask where that is recorded."""

from django.db import migrations

TABLE = "persons_personalread"
MESSAGE = "Readings are only ever added to."
REMOVED = "(đã xóa dữ liệu cá nhân)"
SAME = (
    "id", "event_id", "at", "officer_id", "officer_name", "office_name", "model", "object_id", "what", "reason", "path",
)  # fmt: skip


def _may(word):
    same = " AND ".join(f"NEW.{name} {word} OLD.{name}" for name in SAME)
    return (
        f"EXISTS (SELECT 1 FROM audit_redaction AS r WHERE r.act_id = OLD.event_id) AND {same} "
        f"AND NEW.label = '{REMOVED}'"
    )


def open_door(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF {_may('IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()"
        )
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only")
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE} WHEN NOT ({_may('IS')}) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def close_door(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_refuse()")
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only")
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


class Migration(migrations.Migration):
    dependencies = [("persons", "0002_append_only"), ("audit", "0007_redactions")]

    operations = [migrations.RunPython(open_door, close_door, elidable=False)]
