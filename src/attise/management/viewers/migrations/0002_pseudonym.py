"""The pseudonym becomes a column, so that what counters know of somebody can be told to their record."""

from django.db import migrations, models

from attise.management.viewers.rules import pseudonym_of


def fill(apps, _schema):
    Viewer = apps.get_model("viewers", "Viewer")
    for viewer in Viewer.objects.only("id", "key").iterator():
        viewer.pseudonym = pseudonym_of(bytes(viewer.key), viewer.id)
        viewer.save(update_fields=["pseudonym"])


class Migration(migrations.Migration):
    dependencies = [("viewers", "0001_initial")]
    operations = [
        migrations.AddField("viewer", "pseudonym", models.CharField(max_length=64, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("viewer", "pseudonym", models.CharField(max_length=64, unique=True)),
    ]
