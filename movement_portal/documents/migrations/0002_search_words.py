"""Words of documents stand between blanks, so that the start of each is found; and the right to take the list out."""

from django.db import migrations

from movement_portal.lib.vietnamese import fold


def put_blanks(apps, schema_editor):
    documents = apps.get_model("documents", "LegalDocument").objects
    rows = list(documents.only("number", "title", "aliases"))
    for row in rows:
        row.search_folded = f" {fold(f'{row.number} {row.title} {row.aliases}')} "
    documents.bulk_update(rows, ["search_folded"], batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="legaldocument",
            options={
                "base_manager_name": "objects",
                "ordering": ["-issued_on", "number"],
                "permissions": [("export_legaldocument", "Xuất danh sách văn bản")],
                "verbose_name": "văn bản",
                "verbose_name_plural": "văn bản",
            },
        ),
        migrations.RunPython(put_blanks, migrations.RunPython.noop),
    ]
