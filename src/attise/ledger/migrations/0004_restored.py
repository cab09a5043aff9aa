"""When the house was brought back from a copy: what comes with older tokens is free from then on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_touched")]
    operations = [
        migrations.CreateModel(
            name="Restored",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at_ms", models.BigIntegerField()),
                ("restored_at_ms", models.BigIntegerField()),
            ],
        ),
    ]
