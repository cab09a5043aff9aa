"""The one row of the watermark: no fact was written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO reports_watermark (id, position, planned, counted_to_ms, complete_to_ms, "
            "planned_counted_to_ms, planned_complete_to_ms, facts) VALUES (1, 0, 0, 0, 0, 0, 0, 0)",
            "DELETE FROM reports_watermark WHERE id = 1",
        )
    ]
