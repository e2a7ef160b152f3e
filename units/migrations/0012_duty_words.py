"""What the new columns of search hold for records that are there: folded words between blanks."""

from django.db import migrations

from movement_portal.lib.vietnamese import fold

TEXTS = {
    "Commitment": ("content",),
    "Inspection": ("content", "team", "findings"),
    "CoordinationAgreement": ("number", "title", "police_body"),
}
BATCH = 1_000


def fill_words(apps, schema_editor):
    for name, columns in TEXTS.items():
        rows = apps.get_model("units", name).objects
        batch = []
        for row in rows.only(*columns).iterator(chunk_size=BATCH):
            words = fold(" ".join(getattr(row, column) for column in columns))
            row.search_folded = f" {words} "
            batch.append(row)
            if len(batch) == BATCH:
                rows.bulk_update(batch, ["search_folded"])
                batch = []
        rows.bulk_update(batch, ["search_folded"])


class Migration(migrations.Migration):
    dependencies = [("units", "0011_duties")]

    operations = [migrations.RunPython(fill_words, migrations.RunPython.noop)]
