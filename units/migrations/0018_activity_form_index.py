from django.db import migrations


def create(apps, schema_editor):
    """A trigram index makes “contains” quick on PostgreSQL; SQLite scans the folded column."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX activity_form_folded ON units_activity USING gin (form_folded gin_trgm_ops)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX activity_form_folded")


class Migration(migrations.Migration):
    dependencies = [("units", "0017_transfer_requests")]
    operations = [migrations.RunPython(create, drop)]
