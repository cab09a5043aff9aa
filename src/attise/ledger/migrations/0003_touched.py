"""What was touched is kept until somebody took note; at first that is everything there is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_sealed_rows_stay")]
    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("envelope_id", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO ledger_touched (envelope_id) SELECT id FROM ledger_envelope ORDER BY id",
            migrations.RunSQL.noop,
        ),
    ]
