from django.db import migrations, models

from movement_portal.lib.vietnamese import fold

BATCH = 2_000


def fill(apps, schema_editor):
    """Certificates entered before get the words that their list is searched by."""
    certificates = apps.get_model("units", "TrainingCertificate").objects.using(schema_editor.connection.alias)
    batch = []
    for certificate in certificates.all().iterator(chunk_size=BATCH):
        certificate.search_folded = f" {fold(f'{certificate.number} {certificate.issuer}')} "
        batch.append(certificate)
        if len(batch) == BATCH:
            certificates.bulk_update(batch, ["search_folded"])
            batch = []
    certificates.bulk_update(batch, ["search_folded"])


class Migration(migrations.Migration):
    dependencies = [("units", "0019_guard_periods_apart")]

    operations = [
        migrations.AddField(
            model_name="trainingcertificate",
            name="search_folded",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
