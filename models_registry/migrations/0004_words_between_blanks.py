from django.db import migrations
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat


def put_between_blanks(apps, schema_editor):
    """The first word of a name begins behind a blank too, or no list finds it."""
    for name in ("SelfManagedModel", "ModelKind"):
        rows = apps.get_model("models_registry", name).objects.exclude(search_folded__startswith=" ")
        rows.update(search_folded=Concat(Value(" "), F("search_folded"), Value(" "), output_field=TextField()))


class Migration(migrations.Migration):
    dependencies = [
        ("models_registry", "0003_entered_once"),
    ]

    operations = [
        migrations.RunPython(put_between_blanks, migrations.RunPython.noop),
    ]
