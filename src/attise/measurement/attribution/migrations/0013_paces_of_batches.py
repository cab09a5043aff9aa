"""Buckets are written by batch. Those of before go: for some minutes they count anew, which doubts nobody wrongly."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('attribution', '0012_goal_of_ads'),
    ]

    operations = [
        migrations.DeleteModel(name='Pace'),
        migrations.CreateModel(
            name='Pace',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('expires_at_ms', models.BigIntegerField()),
                ('body', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at_ms'], name='attribution_pace_expiry')],
            },
        ),
    ]
