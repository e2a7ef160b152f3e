"""History still refuses to be rewritten, with one narrow door: personal values give way to a mask, and that is recorded."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

MESSAGE = "History is only ever added to."
MASK, REMOVED = "…", "(đã xóa dữ liệu cá nhân)"

SAME_CHANGE = ("id", "event_id", "model", "object_id", "action", "version", "owner_model", "owner_id", "path")
SAME_EVENT = (
    "id", "at", "kind", "reason", "officer_id", "officer_name", "office_id", "office_name", "path", "request_id",
)  # fmt: skip


def _same(names, word):
    return " AND ".join(f"NEW.{name} {word} OLD.{name}" for name in names)


def _only_masked_sqlite(column):
    return (
        f"NOT EXISTS (SELECT 1 FROM json_each(OLD.{column}) AS o LEFT JOIN json_each(NEW.{column}) AS n ON n.key = o.key "
        f"WHERE n.key IS NULL OR (n.value IS NOT o.value AND n.value IS NOT '{MASK}')) "
        f"AND NOT EXISTS (SELECT 1 FROM json_each(NEW.{column}) AS n "
        f"WHERE n.key NOT IN (SELECT o.key FROM json_each(OLD.{column}) AS o))"
    )


def _only_masked_postgresql(column):
    return (
        f"NOT EXISTS (SELECT 1 FROM jsonb_each(OLD.{column}) AS o FULL JOIN jsonb_each(NEW.{column}) AS n ON n.key = o.key "
        f"WHERE o.key IS NULL OR n.key IS NULL OR (n.value <> o.value AND n.value <> to_jsonb('{MASK}'::text)))"
    )


def _change_may(only_masked, word):
    return (
        f"EXISTS (SELECT 1 FROM audit_redaction AS r WHERE r.change_id = OLD.id) AND {_same(SAME_CHANGE, word)} "
        f"AND (NEW.label = OLD.label OR NEW.label = '{REMOVED}') "
        f"AND {only_masked('before')} AND {only_masked('after')}"
    )


def _event_may(word, ends):
    return (
        f"EXISTS (SELECT 1 FROM audit_redaction AS r WHERE r.act_id = OLD.id) AND {_same(SAME_EVENT, word)} AND {ends}"
    )


def open_door(apps, schema_editor):
    ends = f"substr(NEW.label, length(NEW.label) - {len(REMOVED) - 1}) = '{REMOVED}'"
    if schema_editor.connection.vendor == "postgresql":
        rules = {
            "audit_change": _change_may(_only_masked_postgresql, "IS NOT DISTINCT FROM"),
            "audit_auditevent": _event_may("IS NOT DISTINCT FROM", ends),
        }
        for table, may in rules.items():
            # Of UPDATE only: OLD and NEW are both there.
            schema_editor.execute(
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF TG_OP = 'UPDATE' THEN IF {may} THEN RETURN NEW; END IF; END IF; "
                f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
            )
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            )
        schema_editor.execute(
            "CREATE TRIGGER audit_redaction_append_only BEFORE UPDATE OR DELETE ON audit_redaction "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
        return
    rules = {"audit_change": _change_may(_only_masked_sqlite, "IS"), "audit_auditevent": _event_may("IS", ends)}
    for table, may in rules.items():
        schema_editor.execute(f"DROP TRIGGER {table}_append_only")
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} WHEN NOT ({may}) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    schema_editor.execute(
        "CREATE TRIGGER audit_redaction_append_only BEFORE UPDATE ON audit_redaction "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def close_door(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    on = " ON {table}" if is_postgresql else ""
    schema_editor.execute("DROP TRIGGER audit_redaction_append_only" + on.format(table="audit_redaction"))
    for table in ("audit_change", "audit_auditevent"):
        schema_editor.execute(f"DROP TRIGGER {table}_append_only" + on.format(table=table))
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION {table}_refuse()")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_event_kind_read")]

    operations = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc")),
                ("columns", models.JSONField(default=list, verbose_name="mục đã xóa")),
                (
                    "act",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="audit.auditevent", verbose_name="lần thao tác bị xóa tên",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.change",
                        verbose_name="thay đổi",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.auditevent",
                        verbose_name="lần thao tác",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần xóa dữ liệu cá nhân khỏi lịch sử",
                "verbose_name_plural": "các lần xóa dữ liệu cá nhân khỏi lịch sử",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act__isnull", True), ("change__isnull", False)),
                            models.Q(("act__isnull", False), ("change__isnull", True)),
                            _connector="OR",
                        ),
                        name="redaction_names_one_row",
                        violation_error_message="Phải nêu đúng một dòng lịch sử.",
                    )
                ],
            },
        ),
        migrations.RunPython(open_door, close_door, elidable=False),
    ]
