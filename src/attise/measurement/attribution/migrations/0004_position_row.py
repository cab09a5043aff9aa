"""The one row of the position: nothing of the log is settled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("attribution", "0003_settling"), ("counters", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO attribution_position (id, position, entries, events, duplicates, doubted) "
            "VALUES (1, 0, 0, 0, 0, 0)",
            "DELETE FROM attribution_position WHERE id = 1",
        )
    ]
