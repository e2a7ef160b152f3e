from django.db import migrations, models

#: Area by area all that a search within a province looks at, so that it reads this index and no table.
BY_AREA = """
CREATE INDEX unit_search_by_area ON units_unit (jurisdiction_id, name_sort, id)
INCLUDE (search_folded, search_accented, status, kind)
"""
BY_CHANGE = "CREATE INDEX unit_by_change ON units_unit (updated_at, id)"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BY_AREA)
        schema_editor.execute(BY_CHANGE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX unit_search_by_area")
        schema_editor.execute("DROP INDEX unit_by_change")


class Migration(migrations.Migration):
    dependencies = [("units", "0003_unit_life")]
    operations = [
        migrations.AddIndex(
            model_name="unitidentifier",
            index=models.Index(fields=["value"], name="unitidentifier_by_value"),
        ),
        migrations.RunPython(create, drop),
    ]
