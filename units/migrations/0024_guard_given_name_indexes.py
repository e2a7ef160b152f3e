from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0023_guard_given_names")]

    operations = [
        migrations.RemoveIndex(model_name="guard", name="guard_of_unit"),
        migrations.AddIndex(
            model_name="guard",
            index=models.Index(fields=["given_sort", "id"], name="guard_by_given_name"),
        ),
        migrations.AddIndex(
            model_name="guard",
            index=models.Index(fields=["unit", "given_sort", "id"], name="guard_of_unit"),
        ),
    ]
