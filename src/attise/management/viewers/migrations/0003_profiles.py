"""Interests and behaviours that are derived from events, and where each interest comes from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("viewers", "0002_pseudonym")]
    operations = [
        migrations.AddField("viewer", "interests_since", models.JSONField(default=dict)),
        migrations.AddField("viewer", "interests_removed", models.JSONField(default=dict)),
        migrations.AddField("viewer", "interests_derived", models.JSONField(default=dict)),
        migrations.AddField("viewer", "behaviours", models.JSONField(default=list)),
        migrations.AddField("viewer", "profile_from_ms", models.BigIntegerField(default=0)),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "viewer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="viewers.viewer",
                    ),
                ),
                ("evidence", models.BinaryField()),
                ("next_at_ms", models.BigIntegerField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["next_at_ms"], name="viewers_profile_next")]},
        ),
        migrations.CreateModel(
            name="ProfilePlace",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("entries", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO viewers_profileplace (id, position, entries) VALUES (1, 0, 0)",
            "DELETE FROM viewers_profileplace WHERE id = 1",
        ),
    ]
