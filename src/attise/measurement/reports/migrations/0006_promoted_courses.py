"""The course of each promoted post of an advertiser is kept beside what they came to together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_promoted_together")]
    operations = [
        migrations.AddField(model_name="promotedtogether", name="courses", field=models.BinaryField(null=True)),
    ]
