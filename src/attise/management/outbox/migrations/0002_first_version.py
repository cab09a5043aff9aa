"""The one version row."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO outbox_version (id, n) VALUES (1, 0)", "DELETE FROM outbox_version WHERE id = 1"
        )
    ]
