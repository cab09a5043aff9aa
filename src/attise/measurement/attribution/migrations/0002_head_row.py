"""The one head row: nothing has been published."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("attribution", "0001_initial"), ("ledger", "0003_touched")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO attribution_head (id, version, published_at_ms, counted_to_ms) VALUES (1, 0, 0, 0)",
            "DELETE FROM attribution_head WHERE id = 1",
        )
    ]
