"""The one position row: what was there before the first snapshot is in that snapshot, not in deltas."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("snapshots", "0001_initial"), ("outbox", "0002_first_version")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO snapshots_position (id, version, upto) SELECT 1, n, n FROM outbox_version WHERE id = 1",
            "DELETE FROM snapshots_position WHERE id = 1",
        )
    ]
