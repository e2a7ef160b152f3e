from django.db import migrations, models

from movement_portal.lib.vietnamese import given_sort_key

BATCH = 2_000


def fill(apps, schema_editor):
    """Guards entered before get the key by which lists of people are ordered: the given name first."""
    guards = apps.get_model("units", "Guard").objects.using(schema_editor.connection.alias)
    batch = []
    for guard in guards.only("name").order_by("pk").iterator(chunk_size=BATCH):
        guard.given_sort = given_sort_key(guard.name)
        batch.append(guard)
        if len(batch) == BATCH:
            guards.bulk_update(batch, ["given_sort"])
            batch = []
    guards.bulk_update(batch, ["given_sort"])


class Migration(migrations.Migration):
    dependencies = [("units", "0022_size_year_plausible")]

    operations = [
        migrations.AlterModelOptions(
            name="guard",
            options={
                "base_manager_name": "objects",
                "ordering": ["given_sort", "id"],
                "permissions": [
                    ("export_guard", "Xuất danh sách người bảo vệ"),
                    ("reveal_citizen_id", "Xem đầy đủ số định danh cá nhân"),
                ],
                "verbose_name": "người bảo vệ",
                "verbose_name_plural": "người bảo vệ",
            },
        ),
        migrations.AddField(
            model_name="guard",
            name="given_sort",
            field=models.CharField(default="", editable=False, max_length=250),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
