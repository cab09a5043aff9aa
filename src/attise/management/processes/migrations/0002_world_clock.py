"""The one row of the world clock."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("processes", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO processes_worldclock (id, offset_ms, version) VALUES (1, 0, 0)",
            "DELETE FROM processes_worldclock WHERE id = 1",
        )
    ]
