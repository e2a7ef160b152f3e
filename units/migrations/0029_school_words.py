from django.db import migrations
from django.db.models import Q

from units.search import search_texts

BATCH = 2_000
FIELDS = ["search_folded", "search_accented"]


def fill(apps, schema_editor):
    """Schools entered before are found by “trg” for “trường”, and the other way round."""
    units = apps.get_model("units", "Unit").objects.using(schema_editor.connection.alias)
    schools = units.filter(Q(search_folded__contains=" truong ") | Q(search_folded__contains=" trg "))
    batch = []
    for unit in schools.order_by("pk").iterator(chunk_size=BATCH):
        unit.search_folded, unit.search_accented = search_texts(unit)
        batch.append(unit)
        if len(batch) == BATCH:
            units.bulk_update(batch, FIELDS)
            batch = []
    units.bulk_update(batch, FIELDS)


class Migration(migrations.Migration):
    dependencies = [("units", "0028_activity_has_units")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
