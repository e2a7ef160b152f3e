"""A constraint over rows that stand already: the migration names those in its way instead of failing without words."""

from django.core.management import CommandError
from django.db import migrations, models

#: Keys of rows that are told.
TOLD = 20


class AddToldConstraint(migrations.AddConstraint):
    """Adds a check constraint; where rows break it, the migration ends with what they break and which they are.

    What is right cannot be guessed: the rows are put right with the version that runs, then the new one is set up.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        constraint = self.constraint
        if isinstance(constraint, models.CheckConstraint) and self.allow_migrate_model(
            schema_editor.connection.alias, model
        ):
            _refuse_rows(model, constraint, schema_editor)
        super().database_forwards(app_label, schema_editor, from_state, to_state)


def _refuse_rows(model: type[models.Model], constraint: models.CheckConstraint, schema_editor) -> None:
    """Raise ``CommandError`` where rows of a model break a constraint; as in a constraint, unknown breaks nothing."""
    broken = f"NOT ({constraint._get_check_sql(model, schema_editor)})"  # type: ignore[attr-defined]
    quote = schema_editor.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} WHERE {broken} ORDER BY {key}")
        keys = [str(row[0]) for row in cursor.fetchall()]
    if keys:
        more = ", …" if len(keys) > TOLD else ""
        raise CommandError(
            f"{len(keys)} bản ghi “{model._meta.verbose_name}” chưa đúng: {constraint.violation_error_message} "
            f"Sửa bằng bản đang chạy (trang dữ liệu) rồi cập nhật lại. Số thứ tự: {', '.join(keys[:TOLD])}{more}."
        )
