"""The one row of the place: nothing of the log is taken in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lift", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO lift_place (id, position) VALUES (1, 0)",
            "DELETE FROM lift_place WHERE id = 1",
        )
    ]
