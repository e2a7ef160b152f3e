from django.db import migrations

from movement_portal.lib.vietnamese import fold

BATCH = 2_000


def fill(apps, schema_editor):
    """Sessions entered before get the words that their list is searched by."""
    activities = apps.get_model("units", "Activity").objects.using(schema_editor.connection.alias)
    batch = []
    for activity in activities.all().iterator(chunk_size=BATCH):
        texts = [activity.topic, activity.code, activity.place, activity.organiser, activity.partners]
        activity.search_folded = f" {fold(' '.join(texts))} "
        activity.topic_folded, activity.form_folded = f" {fold(activity.topic)} ", f" {fold(activity.form)} "
        batch.append(activity)
        if len(batch) == BATCH:
            activities.bulk_update(batch, ["search_folded", "topic_folded", "form_folded"])
            batch = []
    activities.bulk_update(batch, ["search_folded", "topic_folded", "form_folded"])


def create(apps, schema_editor):
    """A trigram index makes “contains” quick on PostgreSQL; SQLite scans the folded column."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX activity_search_folded ON units_activity USING gin (search_folded gin_trgm_ops)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX activity_search_folded")


class Migration(migrations.Migration):
    dependencies = [("units", "0009_activity_lists")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop), migrations.RunPython(create, drop)]
