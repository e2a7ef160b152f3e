"""One number at one unit stands for one guard on any day; before, only among those at work without a last day."""

import django.db.models.deletion
from django.db import migrations, models

import movement_portal.lib.periods


def add_extension(apps, schema_editor):
    """Equal keys beside overlapping days in one index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


class Migration(migrations.Migration):
    dependencies = [("units", "0018_activity_form_index")]

    operations = [
        migrations.RunPython(add_extension, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="guard", name="guard_serves_once"),
        migrations.AddField(
            model_name="guard",
            name="same_as",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stood_for",
                to="units.guard",
                verbose_name="cùng người với",
            ),
        ),
        migrations.AddConstraint(
            model_name="guard",
            constraint=movement_portal.lib.periods.PeriodsApart(
                fields=("unit", "citizen_id_index"),
                first="started_on",
                last="ended_on",
                name="guard_serves_once",
                unless="same_as",
                violation_error_message="Số định danh này đã có ở một người làm bảo vệ của đơn vị cùng thời gian.",
            ),
        ),
        migrations.AddConstraint(
            model_name="guard",
            constraint=models.CheckConstraint(
                condition=models.Q(("same_as__isnull", True), ("ended_on__isnull", False), _connector="OR"),
                name="guard_stood_for_has_ended",
                violation_error_message="Hồ sơ đã nhập vào hồ sơ khác của cùng người phải có ngày thôi làm.",
            ),
        ),
    ]
